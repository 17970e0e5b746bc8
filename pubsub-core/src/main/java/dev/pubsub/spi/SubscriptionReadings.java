package dev.pubsub.spi;

import dev.pubsub.DeadLetter;
import org.jspecify.annotations.Nullable;

/** Figures of a subscription that gauges and counters read. Safe for use by any thread; never blocks for long. */
public interface SubscriptionReadings {

    /** The present value. */
    long read(Figure figure);

    /** Copies that were dead-lettered for this reason. */
    long deadLettered(DeadLetter.Reason reason);

    /** Name of the circuit breaker, the same for subscriptions that share one; null without one. */
    @Nullable
    String breakerName();

    /** Whether the circuit breaker is kept in the application's registry, whose meters somebody may have bound. */
    boolean breakerIsOfApplication();

    /** State of the circuit breaker in Resilience4j's terms; {@code NONE} before the first attempt or without one. */
    String breakerState();

    /** Failure rate of the circuit breaker in percent; -1 where there were too few calls. */
    float breakerFailureRate();

    /** What can be read. */
    enum Figure {
        QUEUED,
        ACTIVE,
        PARKED,
        OLDEST_AGE_NANOS,
        PAUSED,
        QUARANTINED,
        RETRIES,
        TIMEOUTS,
        PANICS,
        FILTERED,
        ABANDONED,
        LATE_COMPLETIONS,
        BREAKER_TRIPS,
        BREAKER_NOT_PERMITTED,
        DEAD_LETTERS_REPLAYED,
        DEAD_LETTERS_DISCARDED,
        DEAD_LETTERS_EVICTED,
        /** Copies that the store of dead letters failed to keep. */
        DEAD_LETTERS_FAILED,
        SETTLED,
        LATENCY_TOTAL_NANOS,
        LATENCY_MAX_NANOS
    }
}
