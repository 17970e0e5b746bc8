package dev.pubsub.test;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows whether an engine goes on by itself, without time passing: whether a handler runs that does not hang, or a copy
 * could be attempted now.
 */
final class Stillness {

    private final PubSub engine;
    private final RunningAttempts attempts;
    private final @Nullable PubSubClock clock;
    private final OpenReport report;
    private final Supplier<Duration> timeout;

    Stillness(
            PubSub engine,
            RunningAttempts attempts,
            @Nullable PubSubClock clock,
            OpenReport report,
            Supplier<Duration> timeout) {
        this.engine = engine;
        this.attempts = attempts;
        this.clock = clock;
        this.report = report;
        this.timeout = timeout;
    }

    /** Waits until nothing goes on; throws an AssertionError that says what does if that takes too long. */
    void await() {
        Duration atMost = timeout.get();
        if (!Patience.until(atMost, this::isStill)) {
            throw new AssertionError(report.describe("Time was to move, but after " + atMost
                    + " this still goes on without it (a handler that is to hang"
                    + " until its deadline must be awaited first: probe.awaitHanging(\"<subscription>\"))"));
        }
    }

    /** Whether a handler runs that could reach its deadline. */
    boolean handlersRun() {
        return attempts.all().findAny().isPresent();
    }

    boolean isStill() {
        if (clock != null && clock.isAtWork()) {
            return false;
        }
        // a handler may publish to a subscription that was read before its own, and end before its own is read
        PubSubSnapshot first = engine.snapshot();
        if (!isStill(first)) {
            return false;
        }
        PubSubSnapshot second = engine.snapshot();
        return isStill(second) && events(first) == events(second);
    }

    private boolean isStill(PubSubSnapshot snapshot) {
        for (SubscriptionFigures figures : snapshot.subscriptions()) {
            int runs = figures.active() - attempts.hanging(figures.id());
            boolean begins = figures.ready() > 0 && figures.active() < figures.concurrency();
            if (runs > 0 || begins) {
                return false;
            }
        }
        return true;
    }

    private static long events(PubSubSnapshot snapshot) {
        return snapshot.subscriptions().stream()
                .mapToLong(figures -> figures.accepted()
                        + figures.completed()
                        + figures.deadLettered()
                        + figures.discarded()
                        + figures.retries())
                .sum();
    }
}
