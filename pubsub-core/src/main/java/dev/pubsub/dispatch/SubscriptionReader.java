package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.SubscriptionReadings;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads a subscription's figures, each time under its lock. Safe for use by any thread. */
public final class SubscriptionReader implements SubscriptionReadings {

    private final SubscriptionRuntime runtime;
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();
    private final AtomicLong evicted = new AtomicLong();

    SubscriptionReader(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    void countReplayed(int count) {
        replayed.addAndGet(count);
    }

    void countDiscarded(int count) {
        discarded.addAndGet(count);
    }

    void countEvicted(int count) {
        evicted.addAndGet(count);
    }

    @Override
    public long read(Figure figure) {
        return switch (figure) {
            case TIMEOUTS -> runtime.counts.count(AttemptResult.TIMEOUT);
            case PANICS -> runtime.counts.count(AttemptResult.PANIC);
            case FILTERED -> runtime.counts.filtered();
            case BREAKER_TRIPS -> runtime.pipeline().breaker().trips();
            case BREAKER_NOT_PERMITTED -> runtime.pipeline().breaker().notPermitted();
            case DEAD_LETTERS_REPLAYED -> replayed.get();
            case DEAD_LETTERS_DISCARDED -> discarded.get();
            case DEAD_LETTERS_EVICTED -> evicted.get();
            case DEAD_LETTERS_FAILED -> runtime.failures.storeFailures();
            default -> readLocked(figure);
        };
    }

    private long readLocked(Figure figure) {
        boolean breakerPauses = runtime.hold.isPausing();
        runtime.lock.lock();
        try {
            runtime.backlog.takeInArrivals();
            return switch (figure) {
                case QUEUED -> runtime.backlog.queued();
                case ACTIVE -> runtime.ledger.active;
                case PARKED -> runtime.backlog.parked();
                case OLDEST_AGE_NANOS -> oldestAgeNanos();
                case PAUSED -> runtime.state.pausedBy(breakerPauses) == null ? 0 : 1;
                case RETRIES -> runtime.retries;
                case ABANDONED -> runtime.abandoned.total();
                case LATE_COMPLETIONS -> runtime.abandoned.lateCompletions();
                case SETTLED -> runtime.ledger.settled();
                case LATENCY_TOTAL_NANOS -> runtime.ledger.latencyTotalNanos;
                case LATENCY_MAX_NANOS -> runtime.ledger.latencyMaxNanos;
                default -> throw new IllegalArgumentException("No such figure here: " + figure);
            };
        } finally {
            runtime.unlockAndRouse();
        }
    }

    @Override
    public long deadLettered(Reason reason) {
        return runtime.failures.count(reason);
    }

    @Override
    public @Nullable String breakerName() {
        return runtime.spec().circuitBreaker().enabled()
                ? runtime.pipeline().breaker().name()
                : null;
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
        runtime.lock.lock();
        try {
            runtime.backlog.takeInArrivals();
            return new SubscriptionFigures(
                    runtime.id(),
                    runtime.spec().patterns(),
                    runtime.state.state(breakerPauses),
                    runtime.state.pausedBy(breakerPauses),
                    runtime.spec().concurrency(),
                    runtime.places.limit(),
                    runtime.backlog.queued(),
                    runtime.ledger.active,
                    runtime.backlog.parked(),
                    runtime.places.accepted(),
                    runtime.ledger.completed,
                    runtime.ledger.deadLettered,
                    runtime.ledger.discarded,
                    runtime.counts.filtered(),
                    runtime.counts.count(AttemptResult.SUCCESS),
                    runtime.counts.count(AttemptResult.FAILURE),
                    runtime.retries,
                    runtime.counts.count(AttemptResult.TIMEOUT),
                    runtime.counts.count(AttemptResult.PANIC),
                    runtime.counts.count(AttemptResult.CANCELLED),
                    runtime.counts.count(AttemptResult.REJECTED),
                    runtime.abandoned.now(),
                    runtime.abandoned.total(),
                    runtime.abandoned.lateCompletions(),
                    runtime.pipeline().breaker().trips(),
                    breakerState,
                    TimeUnit.NANOSECONDS.toMillis(oldestAgeNanos()));
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private long oldestAgeNanos() {
        long now = runtime.services().time().nanos();
        long[] oldest = {now};
        runtime.backlog.forEach(copy -> oldest[0] = Math.min(oldest[0], copy.acceptedNanos));
        for (Worker worker : runtime.crew.workers()) {
            if (worker.current() instanceof Copy copy) {
                oldest[0] = Math.min(oldest[0], copy.acceptedNanos);
            }
        }
        return now - oldest[0];
    }
}
