package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription.State;
import dev.pubsub.dispatch.AttemptCounts.Event;
import dev.pubsub.spi.SubscriptionReadings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads a subscription's figures, each time under its lock. Safe for use by any thread. */
public final class SubscriptionReader implements SubscriptionReadings {

    private final SubscriptionRuntime runtime;

    SubscriptionReader(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    State state() {
        boolean breakerPauses = runtime.hold.isPausing();
        runtime.enter();
        try {
            return runtime.state.state(breakerPauses);
        } finally {
            runtime.lock.unlock();
        }
    }

    @Override
    public long read(Figure figure) {
        return switch (figure) {
            case TIMEOUTS -> runtime.counts.sum(Event.TIMEOUT);
            case PANICS -> runtime.counts.sum(Event.PANIC);
            case RETRIES -> runtime.counts.sum(Event.RETRY);
            case FILTERED -> runtime.counts.sum(Event.FILTERED);
            case BREAKER_TRIPS -> runtime.pipeline().breaker().trips();
            case BREAKER_NOT_PERMITTED -> runtime.pipeline().breaker().notPermitted();
            case DEAD_LETTERS_REPLAYED -> runtime.counts.sum(Event.REPLAYED);
            case DEAD_LETTERS_DISCARDED -> runtime.counts.sum(Event.DISCARDED);
            case DEAD_LETTERS_EVICTED -> runtime.counts.sum(Event.EVICTED);
            case DEAD_LETTERS_FAILED -> runtime.counts.sum(Event.LOST);
            default -> readLocked(figure);
        };
    }

    private long readLocked(Figure figure) {
        boolean breakerPauses = runtime.hold.isPausing();
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            return switch (figure) {
                case QUEUED -> runtime.backlog.queued();
                case ACTIVE -> runtime.ledger.active();
                case PARKED -> runtime.backlog.parked();
                case OLDEST_AGE_NANOS -> oldestAgeNanos();
                case PAUSED -> runtime.state.pausedBy(breakerPauses) == null ? 0 : 1;
                case QUARANTINED -> runtime.state.isQuarantined() ? 1 : 0;
                case ABANDONED -> runtime.abandoned().total();
                case LATE_COMPLETIONS -> runtime.abandoned().lateCompletions();
                case SETTLED -> runtime.ledger.settled();
                case LATENCY_TOTAL_NANOS -> runtime.ledger.latencyTotalNanos();
                case LATENCY_MAX_NANOS -> runtime.ledger.latencyMaxNanos();
                default -> throw new IllegalArgumentException("No such figure here: " + figure);
            };
        } finally {
            runtime.unlockAndRouse();
        }
    }

    @Override
    public long deadLettered(Reason reason) {
        return runtime.counts.deadLetters(reason);
    }

    @Override
    public @Nullable String breakerName() {
        return runtime.spec().circuitBreaker().enabled()
                ? runtime.pipeline().breaker().name()
                : null;
    }

    @Override
    public boolean breakerIsOfApplication() {
        return runtime.pipeline().breaker().isOfApplication();
    }

    @Override
    public String breakerState() {
        return runtime.pipeline().breaker().state();
    }

    @Override
    public float breakerFailureRate() {
        return runtime.pipeline().breaker().failureRate();
    }

    /** All figures at one moment. */
    public SubscriptionFigures figures() {
        boolean breakerPauses = runtime.hold.isPausing();
        String breakerState = breakerState();
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            return new SubscriptionFigures(
                    runtime.id(),
                    runtime.spec().patterns(),
                    runtime.state.state(breakerPauses),
                    runtime.state.pausedBy(breakerPauses),
                    runtime.spec().concurrency(),
                    runtime.intake.limit(),
                    runtime.backlog.queued(),
                    ready(),
                    runtime.ledger.active(),
                    runtime.backlog.parked(),
                    runtime.intake.accepted(),
                    runtime.ledger.completed(),
                    runtime.ledger.deadLettered(),
                    runtime.ledger.discarded(),
                    runtime.counts.sum(Event.FILTERED),
                    runtime.ledger.completed(),
                    runtime.counts.sum(Event.FAILURE),
                    runtime.counts.sum(Event.RETRY),
                    runtime.counts.sum(Event.TIMEOUT),
                    runtime.counts.sum(Event.PANIC),
                    runtime.counts.sum(Event.CANCELLED),
                    runtime.counts.sum(Event.REJECTED),
                    runtime.abandoned().now(),
                    runtime.abandoned().total(),
                    runtime.abandoned().lateCompletions(),
                    runtime.pipeline().breaker().trips(),
                    breakerState,
                    TimeUnit.NANOSECONDS.toMillis(oldestAgeNanos()),
                    TimeUnit.NANOSECONDS.toMillis(runtime.state.pausedForNanos(breakerPauses)),
                    runtime.ledger.latencyTotalNanos(),
                    runtime.ledger.latencyMaxNanos());
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private int ready() {
        DispatchState state = runtime.state;
        if (!state.mayTake(state.isHeld() ? runtime.services().time().nanos() : 0)) {
            return 0;
        }
        if (state.isQuarantined() && runtime.backlog.hasAny()) {
            return runtime.backlog.queued() + runtime.backlog.parked(); // past their keys and their waits
        }
        return runtime.backlog.ready();
    }

    // under the lock: to walk a million copies that only follow others kept the workers waiting for milliseconds
    private long oldestAgeNanos() {
        long now = runtime.services().time().nanos();
        long[] oldest = {now};
        runtime.backlog.forEachThatMayBeOldest(copy -> oldest[0] = Math.min(oldest[0], copy.acceptedNanos));
        for (Worker worker : runtime.crew.workers()) {
            if (worker.current() instanceof Copy copy) {
                oldest[0] = Math.min(oldest[0], copy.acceptedNanos);
            }
        }
        return now - oldest[0];
    }
}
