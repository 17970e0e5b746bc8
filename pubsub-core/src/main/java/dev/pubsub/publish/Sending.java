package dev.pubsub.publish;

import dev.pubsub.PubSubException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.spi.OutcomeUnknownException;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One message that is with a remote transport, until that answers. The answer comes by whatever thread; who waits for
 * it does so for as long as it may, and leaves the message to its fate then.
 */
final class Sending {

    private final CompletableFuture<@Nullable Void> answer;

    Sending(CompletableFuture<@Nullable Void> answer) {
        this.answer = answer;
    }

    /** Completed or failed by the transport. */
    CompletableFuture<@Nullable Void> answer() {
        return answer;
    }

    /**
     * Waits until the other side has taken responsibility.
     *
     * @throws PubSubException if it has not, or if nobody knows
     */
    void await(long nanos) {
        try {
            answer.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooLate) {
            throw new PublishTimeoutException(
                    "No answer of the transport within the time that this call may take (pubsub.publisher.timeout);"
                            + " whether the message was taken is unknown",
                    tooLate,
                    true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PublishCancelledException(
                    "Interrupted while waiting for the transport's answer; whether the message was taken is unknown",
                    interrupted,
                    true);
        } catch (ExecutionException failed) {
            throw refusal(failed.getCause());
        }
    }

    /** What a transport's failure is to the publisher. */
    static PubSubException refusal(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof PubSubException refusal) {
            return refusal;
        }
        if (cause instanceof OutcomeUnknownException) {
            return new PublishTimeoutException(
                    "Whether the transport has taken the message is unknown: " + SafeText.of(cause), cause, true);
        }
        String what = cause == null ? "no reason" : SafeText.of(cause);
        return new PubSubException("The transport did not take the message: " + what, cause);
    }
}
