package dev.pubsub.test;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Settles what a test has left in an engine, while handlers are not called. */
final class Cleanup {

    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int ROUNDS = 1_000;

    private final PubSub engine;
    private final RunningAttempts attempts;
    private final @Nullable PubSubClock clock;
    private final Stillness stillness;
    private final BooleanSupplier quiet;
    private final OpenReport report;
    private final Duration timeout;

    Cleanup(
            PubSub engine,
            RunningAttempts attempts,
            @Nullable PubSubClock clock,
            Stillness stillness,
            BooleanSupplier quiet,
            OpenReport report,
            Duration timeout) {
        this.engine = engine;
        this.attempts = attempts;
        this.clock = clock;
        this.stillness = stillness;
        this.quiet = quiet;
        this.report = report;
        this.timeout = timeout;
    }

    void settleAll() {
        PubSubSnapshot.State state = engine.snapshot().state();
        if (state == PubSubSnapshot.State.CLOSED) {
            throw new IllegalStateException("The test has closed the engine");
        }
        if (state == PubSubSnapshot.State.STOPPED) {
            engine.start();
        }
        engine.deadLetters().replays().forEach(DeadLetters.Replay::stop);
        Patience.until(GRACE, stillness::isStill);
        attempts.all().filter(attempt -> !attempt.isHanging()).forEach(attempt -> attempt.hangsWhile(() -> true));
        settleByTime();
        boolean settled = Patience.until(timeout, () -> quiet.getAsBoolean() && abandoned() == 0);
        resume(); // once more: a quarantine ends with the last abandoned handler
        if (!settled || isPaused()) {
            throw new IllegalStateException(
                    report.describe("The test left something behind that cannot be cleared away;" + " " + abandoned()
                            + " abandoned handlers ignore their interrupt"));
        }
        engine.deadLetters().discardAll(DeadLetterQuery.all());
    }

    private void settleByTime() {
        resume();
        for (int round = 0; clock != null && round < ROUNDS; round++) {
            clock.move(clock.lastDue(), () -> false);
            resume();
            if (quiet.getAsBoolean()) {
                return;
            }
        }
    }

    private void resume() {
        for (SubscriptionFigures figures : engine.snapshot().subscriptions()) {
            String cause = figures.pausedBy();
            if ("manual".equals(cause) || ("quarantine".equals(cause) && figures.abandoned() == 0)) {
                engine.subscription(figures.id()).ifPresent(dev.pubsub.Subscription::resume);
            }
        }
    }

    private boolean isPaused() {
        return engine.snapshot().subscriptions().stream()
                .anyMatch(figures -> "manual".equals(figures.pausedBy()) || "quarantine".equals(figures.pausedBy()));
    }

    private int abandoned() {
        return engine.snapshot().subscriptions().stream()
                .mapToInt(SubscriptionFigures::abandoned)
                .sum();
    }
}
