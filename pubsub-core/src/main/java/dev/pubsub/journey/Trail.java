package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.journey.Journey.Refusal;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one message. Guarded by itself, for a few dozen instructions; only copies of the same message and
 * who looks at it ever meet there. Keeps at most {@link #MAX_COPIES} copies.
 */
final class Trail {

    static final int MAX_COPIES = 32;

    private final String id;
    private final String topic;
    private final @Nullable String key;
    private final String payloadType;
    private final Instant createdAt;
    private final List<CopyTrail> copies = new ArrayList<>(2);
    private int moreCopies;
    private @Nullable Instant acceptedAt;
    private @Nullable Refusal refusal;

    Trail(Message<?> message) {
        this.id = message.id();
        this.topic = message.topic();
        this.key = message.key();
        this.payloadType = message.payload().getClass().getName();
        this.createdAt = message.timestamp();
    }

    String id() {
        return id;
    }

    synchronized void accepted(List<String> subscriptions, List<String> filtered, long nowMillis) {
        if (acceptedAt == null) {
            acceptedAt = Instant.ofEpochMilli(nowMillis);
        }
        for (String subscription : subscriptions) {
            CopyTrail copy = copyOf(subscription);
            if (copy == null) {
                moreCopies++;
            } else {
                copy.accepted(nowMillis);
            }
        }
        for (String subscription : filtered) {
            CopyTrail copy = copyOf(subscription);
            if (copy == null) {
                moreCopies++;
            } else {
                copy.filtered();
            }
        }
    }

    synchronized void refused(String exceptionType, long nowMillis) {
        refusal = new Refusal(Instant.ofEpochMilli(nowMillis), exceptionType);
    }

    synchronized void attempted(
            String subscription,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable String exceptionType,
            long nowMillis) {
        CopyTrail copy = copyOf(subscription);
        if (copy != null) {
            copy.attempted(attempt, result, nanos, exceptionType, nowMillis);
        }
    }

    synchronized void settled(
            String subscription, Outcome outcome, DeadLetter.@Nullable Reason reason, long nowMillis) {
        CopyTrail copy = copyOf(subscription);
        if (copy != null) {
            copy.settled(outcome, reason, nowMillis);
        }
    }

    /** Null where there are too many. */
    private @Nullable CopyTrail copyOf(String subscription) {
        for (CopyTrail copy : copies) {
            if (copy.subscriptionId().equals(subscription)) {
                return copy;
            }
        }
        if (copies.size() == MAX_COPIES) {
            return null;
        }
        CopyTrail copy = new CopyTrail(subscription);
        copies.add(copy);
        return copy;
    }

    synchronized Journey journey() {
        List<CopyJourney> seen = copies.stream().map(CopyTrail::journey).toList();
        return new Journey(id, topic, key, payloadType, createdAt, acceptedAt, refusal, seen, moreCopies);
    }
}
