package dev.pubsub.test;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import java.util.List;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's copy of a message, and what has become of it so far. Immutable. {@code assertThat(it)} has
 * assertions of its own. {@code toString} shows no payload, key, header or text of an exception unless the probe is
 * told to show payloads.
 */
public final class ReceivedCopy implements AssertProvider<ReceivedCopyAssert> {

    private final String subscription;
    private final Message<?> message;
    private final List<ReceivedAttempt> attempts;
    private final @Nullable Outcome outcome;
    private final DeadLetter.@Nullable Reason reason;
    private final boolean replay;
    private final Shown shown;

    ReceivedCopy(
            String subscription,
            Message<?> message,
            List<ReceivedAttempt> attempts,
            @Nullable Outcome outcome,
            DeadLetter.@Nullable Reason reason,
            boolean replay,
            Shown shown) {
        this.subscription = subscription;
        this.message = message;
        this.attempts = attempts;
        this.outcome = outcome;
        this.reason = reason;
        this.replay = replay;
        this.shown = shown;
    }

    /** The id of the subscription. */
    public String subscription() {
        return subscription;
    }

    /** The message, as it was published. */
    public Message<?> message() {
        return message;
    }

    /** The message's topic. */
    public String topic() {
        return message.topic();
    }

    /** The message's payload, as it was published. */
    public Object payload() {
        return message.payload();
    }

    /**
     * The message's payload, as it was published, of this type.
     *
     * @throws AssertionError if it is of another, naming both types
     */
    public <P> P payload(Class<P> type) {
        return Payloads.as(type, message);
    }

    /** The attempts that have ended, in their order. */
    public List<ReceivedAttempt> attempts() {
        return attempts;
    }

    /** How it was settled; null while it is not. */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /** Why it failed finally; null where it did not. */
    public DeadLetter.@Nullable Reason reason() {
        return reason;
    }

    /** The class of the latest exception; null where no attempt threw one. */
    public @Nullable Class<? extends Throwable> exceptionType() {
        Throwable latest = exception();
        return latest == null ? null : latest.getClass();
    }

    /** The latest exception; null where no attempt threw one. */
    public @Nullable Throwable exception() {
        for (int i = attempts.size() - 1; i >= 0; i--) {
            Throwable thrown = attempts.get(i).thrown();
            if (thrown != null) {
                return thrown;
            }
        }
        return null;
    }

    /** Whether it is a dead letter that was replayed. */
    public boolean replay() {
        return replay;
    }

    /** What texts may show. */
    Shown shown() {
        return shown;
    }

    @Override
    public ReceivedCopyAssert assertThat() {
        return new ReceivedCopyAssert(this);
    }

    @Override
    public String toString() {
        String settled = outcome == null ? "not settled" : outcome + (reason == null ? "" : " (" + reason + ")");
        Throwable latest = shown.payloads() ? exception() : null;
        return "'" + subscription + "': " + shown.describe(message) + (replay ? ", replayed" : "") + ": attempts "
                + attempts + ", " + settled + (latest == null ? "" : ", latest " + latest);
    }
}
