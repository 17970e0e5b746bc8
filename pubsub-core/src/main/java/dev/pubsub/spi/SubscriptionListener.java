package dev.pubsub.spi;

import dev.pubsub.DeadLetter.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Is told when a subscription is paused, resumed or quarantined, and when one of its messages becomes a dead letter:
 * for those who alert from code.
 *
 * <p>Called on a thread of the engine's pool, one call at a time, never by a worker and never under a lock: a slow
 * listener delays other listeners, and nothing else. What it throws is logged and has no other effect. It may publish,
 * and counts as an ordinary caller then.
 *
 * <p>Bounded: while a listener is busy, of several changes of one cause the last is told, or the last two where that
 * leads back to what was told before, so that what was told last is always what is; of dead letters the next 1,024
 * wait, and of those beyond only the number is told. After the engine was closed nothing is told.
 */
public interface SubscriptionListener {

    /** Why no attempt begins. The causes are separate: each is told on its own, and several may hold at once. */
    enum Cause {
        /** Somebody paused it. */
        MANUAL,
        /**
         * Its circuit breaker has tripped, and copies wait ({@code when-open: pause}). Lifted by the attempt after
         * which the breaker is closed, not by a half-open one, whose probes may all fail.
         */
        CIRCUIT_BREAKER,
        /** Too many of its handlers run on after their deadlines. */
        QUARANTINE
    }

    /** No attempt begins any more, since then, for {@code MANUAL} or {@code CIRCUIT_BREAKER}; copies wait. */
    default void paused(String subscriptionId, Cause cause, Instant at) {}

    /** This cause is lifted, since then. */
    default void resumed(String subscriptionId, Cause cause, Instant at) {}

    /** Too many handlers run on after their deadlines; copies are dead-lettered until it is resumed. */
    default void quarantined(String subscriptionId, Instant at) {}

    /** A message has been kept as a dead letter. */
    default void deadLettered(DeadLettered letter) {}

    /** So many dead letters more were kept than could be told, at least one. */
    default void deadLettersNotTold(long count) {}

    /**
     * A dead letter, without payload, key, header values and exception message.
     *
     * @param deadLetterId where it is found; a failed replay has the id that it had before
     * @param attempts how many were made, 0 for none
     * @param exceptionType name of its class; null where there was no exception
     * @param fingerprint of the failure; null where there was no exception
     * @param replays how often it was replayed, and failed again
     */
    record DeadLettered(
            String deadLetterId,
            String subscriptionId,
            String messageId,
            String topic,
            Reason reason,
            int attempts,
            @Nullable String exceptionType,
            @Nullable String fingerprint,
            int replays,
            Instant failedAt) {}
}
