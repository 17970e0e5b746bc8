package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.journey.Journey.EndedAttempt;
import dev.pubsub.journey.Journey.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one message. Keeps at most {@link #MAX_COPIES} copies.
 *
 * <p>Concurrency: all that changes is one immutable value, replaced by compare-and-set. A publisher and a worker tell
 * of the same message within the same microsecond, so that a lock here would put one of them to sleep.
 */
final class Trail {

    static final int MAX_COPIES = 32;

    /** What changes. */
    private record Known(
            @Nullable Instant acceptedAt, @Nullable Refusal refusal, List<CopyTrail> copies, int moreCopies) {

        static final Known NOTHING = new Known(null, null, List.of(), 0);

        /** With this copy changed; without a change where there are too many. */
        Known with(String subscription, UnaryOperator<CopyTrail> change, int ifTooMany) {
            int place = placeOf(subscription);
            if (place == MAX_COPIES) {
                return new Known(acceptedAt, refusal, copies, moreCopies + ifTooMany);
            }
            List<CopyTrail> changed = new ArrayList<>(copies.size() + 1);
            changed.addAll(copies);
            if (place == copies.size()) {
                changed.add(change.apply(CopyTrail.of(subscription)));
            } else {
                changed.set(place, change.apply(copies.get(place)));
            }
            return new Known(acceptedAt, refusal, List.copyOf(changed), moreCopies);
        }

        private int placeOf(String subscription) {
            for (int i = 0; i < copies.size(); i++) {
                if (copies.get(i).subscriptionId().equals(subscription)) {
                    return i;
                }
            }
            return copies.size();
        }
    }

    private final String id;
    private final String topic;
    private final @Nullable String key;
    private final String payloadType;
    private final Instant createdAt;
    private final AtomicReference<Known> known = new AtomicReference<>(Known.NOTHING);

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

    void accepted(List<String> subscriptions, List<String> filtered, long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        known.updateAndGet(before -> {
            Instant first = before.acceptedAt() == null ? now : before.acceptedAt();
            Known after = new Known(first, before.refusal(), before.copies(), before.moreCopies());
            for (String subscription : subscriptions) {
                after = after.with(subscription, copy -> copy.accepted(nowMillis), 1);
            }
            for (String subscription : filtered) {
                after = after.with(subscription, CopyTrail::refused, 1);
            }
            return after;
        });
    }

    void refused(Refusal refusal) {
        known.updateAndGet(before -> new Known(before.acceptedAt(), refusal, before.copies(), before.moreCopies()));
    }

    void attempted(String subscription, EndedAttempt attempt) {
        known.updateAndGet(before -> before.with(subscription, copy -> copy.attempted(attempt), 0));
    }

    void settled(String subscription, Outcome outcome, DeadLetter.@Nullable Reason reason, long nowMillis) {
        known.updateAndGet(before -> before.with(subscription, copy -> copy.settled(outcome, reason, nowMillis), 0));
    }

    Journey journey() {
        Known now = Objects.requireNonNull(known.get());
        return new Journey(
                id,
                topic,
                key,
                payloadType,
                createdAt,
                now.acceptedAt(),
                now.refusal(),
                now.copies().stream().map(CopyTrail::journey).toList(),
                now.moreCopies());
    }
}
