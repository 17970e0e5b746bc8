package dev.pubsub.engine;

import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.dispatch.LiveSubscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Whether every accepted copy is accounted for. A publish stands for a moment between its reservation, which counts as
 * accepted, and its hand-over; so a difference is drift only if it and the count of accepted copies stayed the same
 * over several readings. Safe for use by any thread; no state.
 */
final class LedgerCheck {

    private static final int READINGS = 250; // on a busy machine a publisher may be off its processor for as long
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    boolean isBalanced(Supplier<List<LiveSubscription>> live, List<SubscriptionFigures> first) {
        if (first.stream().allMatch(figures -> figures.drift() == 0)) {
            return true;
        }
        Map<String, SubscriptionFigures> suspects = new HashMap<>();
        first.stream().filter(figures -> figures.drift() != 0).forEach(figures -> suspects.put(figures.id(), figures));
        for (int i = 0; i < READINGS && !suspects.isEmpty(); i++) {
            LockSupport.parkNanos(BETWEEN_NANOS);
            Map<String, SubscriptionFigures> now = new HashMap<>();
            live.get().forEach(one -> now.put(one.id(), one.reader().figures()));
            suspects.values().removeIf(suspect -> !isStable(suspect, now.get(suspect.id())));
        }
        return suspects.isEmpty();
    }

    private static boolean isStable(
            SubscriptionFigures before, @org.jspecify.annotations.Nullable SubscriptionFigures now) {
        return now != null && now.drift() == before.drift() && now.accepted() == before.accepted();
    }
}
