package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message, as far as it is known at one moment. Immutable. Holds no payload, no header and no text of
 * an exception.
 *
 * @param messageId the message's id; messages that were given the same one share a journey
 * @param payloadType the class of the payload as it was published
 * @param createdAt the message's timestamp
 * @param acceptedAt when it was accepted first; null where it was refused, where its publisher is about to return, or
 *     where that was so long ago that it is forgotten
 * @param refusal the latest refusal; null for none
 * @param copies one for each subscription that took a copy or whose condition refused it, in that order
 * @param moreCopies how many further ones there are, of which nothing is kept
 */
public record Journey(
        String messageId,
        String topic,
        @Nullable String key,
        String payloadType,
        Instant createdAt,
        @Nullable Instant acceptedAt,
        @Nullable Refusal refusal,
        List<CopyJourney> copies,
        int moreCopies) {

    /** Without the key. */
    @Override
    public String toString() {
        return "Journey[messageId=" + messageId + ", topic=" + topic + ", copies=" + copies + "]";
    }

    /** That a message was refused. */
    public record Refusal(Instant at, String exceptionType) {}

    /** What became of a subscription's copy. */
    public enum State {
        /** There is none: the subscription's condition refused the message. */
        FILTERED,
        /** Accepted, and not settled yet. */
        PENDING,
        /** Its handler returned. */
        COMPLETED,
        /** It is a dead letter, or was one that has been evicted or discarded since. */
        DEAD_LETTERED,
        /** It was dropped. */
        DISCARDED
    }

    /**
     * A subscription's copy.
     *
     * @param reason why it failed finally; null where it did not
     * @param settledAt null where it is not settled
     * @param replays how often it was accepted again
     * @param attempts the latest ones, of all replays, in their order
     * @param earlierAttempts how many there were before those
     */
    public record CopyJourney(
            String subscriptionId,
            State state,
            DeadLetter.@Nullable Reason reason,
            @Nullable Instant settledAt,
            int replays,
            List<EndedAttempt> attempts,
            int earlierAttempts) {}

    /**
     * An attempt that has ended.
     *
     * @param attempt its number, from 1; it begins again with each replay
     * @param exceptionType the class of what the handler threw; null where it threw nothing
     */
    public record EndedAttempt(
            int attempt,
            AttemptResult result,
            Instant endedAt,
            Duration duration,
            @Nullable String exceptionType) {}
}
