package dev.pubsub.spi;

/**
 * Where the engine's figures go. Methods are called by any thread and must neither block nor throw; what they throw all
 * the same is logged and has no other effect.
 */
public interface EngineMetrics {

    /** Called once, when the engine is built. */
    void bind(EngineReadings engine);

    /**
     * Figures of publishing under this tag; asked for once a route, and kept with it.
     *
     * @param topicTag a topic that a subscription names, or {@code other}
     */
    PublishMetrics publish(String topicTag);

    /** No subscription names this topic any more: its meters may go. */
    void forget(String topicTag);

    /** A publish was refused. */
    void publishRejected(RejectReason reason);

    /** A publish waited for a slot or for room. */
    void publishWaited(long nanos);

    /** Meters of a subscription, until they are closed. */
    SubscriptionMetrics subscription(String id, SubscriptionReadings readings);

    /** Removes all meters. Idempotent. */
    void close();

    /** Why a publish was refused. */
    enum RejectReason {
        /** A message breaks a rule or limit. */
        INVALID,
        /** No slot. */
        CONCURRENCY_LIMIT,
        /** No room. */
        QUEUE_FULL,
        /** Waited in vain. */
        TIMEOUT,
        /** Interrupted while waiting. */
        CANCELLED,
        /** Stopped or closed. */
        CLOSED,
        /** The transport did not take it, or its transaction could not be joined. */
        FAILED
    }

    /** How a publish ended. */
    enum PublishResult {
        /** Taken by at least one subscription. */
        ACCEPTED,
        /** Taken by none, because none matches. */
        UNROUTED,
        /** Refused. */
        REJECTED
    }

    /** How an attempt ended. */
    enum AttemptResult {
        /** The handler returned. */
        SUCCESS,
        /** It threw an exception. */
        FAILURE,
        /** It exceeded its deadline. */
        TIMEOUT,
        /** It threw an {@link Error}. */
        PANIC,
        /** It was cancelled or interrupted. */
        CANCELLED,
        /** It rejected the message or put it off, or the payload could not be converted. */
        REJECTED
    }

    /** Figures of publishing to one topic tag. */
    interface PublishMetrics {

        /** A publish ended after so long. */
        void published(PublishResult result, long nanos);

        /**
         * A publish ends that found slot and room without waiting. Every one is to be counted; how many of them are
         * timed is up to the figures, since to read the clock is a fifth of such a publish.
         *
         * @param startNanos when it began, in the engine's time
         */
        default void publishedAtOnce(PublishResult result, long startNanos, EngineTime time) {
            published(result, time.nanos() - startNanos);
        }
    }

    /** Figures of one subscription. */
    interface SubscriptionMetrics {

        /** An attempt ended after so long. */
        void attempted(AttemptResult result, long nanos);

        /** A copy was settled so long after its acceptance. */
        void settled(long nanos);

        /** Removes the subscription's meters. Idempotent. */
        void close();
    }
}
