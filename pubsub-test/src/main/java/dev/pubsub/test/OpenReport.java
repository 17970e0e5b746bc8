package dev.pubsub.test;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is not settled, and what it waits for. */
final class OpenReport {

    private static final int NAMED = 5;

    private final PubSub engine;
    private final Journal journal;
    private final RunningAttempts attempts;
    private final @Nullable PubSubClock clock;
    private final Shown shown;

    OpenReport(PubSub engine, Journal journal, RunningAttempts attempts, @Nullable PubSubClock clock, Shown shown) {
        this.engine = engine;
        this.journal = journal;
        this.attempts = attempts;
        this.clock = clock;
        this.shown = shown;
    }

    /** Begins with this sentence; a line for each subscription, and for the first of its copies, follows. */
    String describe(String sentence) {
        PubSubSnapshot snapshot = engine.snapshot();
        StringBuilder text = new StringBuilder(sentence);
        if (snapshot.state() != PubSubSnapshot.State.RUNNING) {
            text.append("\n  the engine is ").append(snapshot.state());
        }
        snapshot.subscriptions().stream()
                .filter(figures -> figures.queued() + figures.active() + figures.parked() > 0)
                .forEach(figures -> describe(figures, text));
        if (clock != null) {
            Duration next = clock.untilNext();
            text.append("\n  the clock stands at ").append(clock.instant());
            if (next != null) {
                text.append(", and the next timer is due in ").append(next);
            }
            text.append("; probe.clock().advance(...) moves it");
        }
        return text.toString();
    }

    private void describe(SubscriptionFigures figures, StringBuilder text) {
        text.append("\n  subscription '").append(figures.id()).append("': ");
        text.append(figures.queued()).append(" queued, ");
        text.append(figures.active()).append(" active, ");
        text.append(figures.parked()).append(" parked");
        if (figures.pausedBy() != null) {
            text.append("; paused by: ").append(figures.pausedBy());
        }
        List<RunningAttempt> running = attempts.of(figures.id());
        running.stream().limit(NAMED).forEach(attempt -> describe(attempt, text));
        journal.unsettled(figures.id(), NAMED + running.size()).stream()
                .filter(copy -> running.stream()
                        .noneMatch(attempt -> attempt.delivery().message().equals(copy.message())))
                .limit(NAMED)
                .forEach(copy -> text.append("\n    waits: ").append(copy));
    }

    private void describe(RunningAttempt attempt, StringBuilder text) {
        text.append("\n    ").append(attempt.isHanging() ? "hangs: " : "runs: ");
        text.append("attempt ").append(attempt.delivery().attempt()).append(" at ");
        text.append(shown.describe(attempt.delivery().message()));
        text.append(", ").append(attempt.delivery().remaining()).append(" before its deadline");
    }
}
