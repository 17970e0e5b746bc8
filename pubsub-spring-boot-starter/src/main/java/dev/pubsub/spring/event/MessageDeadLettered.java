package dev.pubsub.spring.event;

import dev.pubsub.DeadLetter.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message has been kept as a dead letter of a subscription.
 *
 * @param deadLetterId where it is found, read and replayed; a failed replay has the id that it had before
 * @param attempts how many were made, 0 for none
 * @param exceptionType name of its class; null where there was no exception
 * @param fingerprint the same for failures of the same kind; null where there was no exception
 * @param replays how often it was replayed, and failed again
 */
public record MessageDeadLettered(
        String deadLetterId,
        String subscriptionId,
        String messageId,
        String topic,
        Reason reason,
        int attempts,
        @Nullable String exceptionType,
        @Nullable String fingerprint,
        int replays,
        Instant at)
        implements SubscriptionEvent {}
