package dev.pubsub.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Knows when one more success is no news to a closed breaker: once its window, which counts calls, holds nothing but
 * fast successes, another one pushes one of its kind out. Then the breaker needs neither be asked nor told, which
 * together takes 29 of the 115 ns that a worker needs for a message (2 cores, Java 17). Only for an instance that
 * nobody else reports to.
 *
 * <p>Concurrency: {@code word} is an epoch and the length of the streak in it. Whoever reports anything else begins a
 * new epoch before and after the report, and whoever finds the breaker not closed after it; a success counts only if
 * the epoch is still that from before its own report. So each counted success lies in the window behind everything
 * else, and a streak as long as the window fills it. What tripped the breaker ends what was counted until then: between
 * the report that trips it and its being open others may have filled the window.
 */
final class Streak {

    private static final int EPOCH_SHIFT = 32;
    private static final long NEXT_EPOCH = 1L << EPOCH_SHIFT;
    private static final long LENGTH = NEXT_EPOCH - 1;

    private final int windowSize;
    private final long slowNanos;
    private final AtomicLong word = new AtomicLong();

    private Streak(int windowSize, long slowNanos) {
        this.windowSize = windowSize;
        this.slowNanos = slowNanos;
    }

    /** For a breaker of that configuration; null where its window is of another kind. */
    static @Nullable Streak of(CircuitBreakerConfig config) {
        return config.getSlidingWindowType() == SlidingWindowType.COUNT_BASED
                ? new Streak(
                        config.getSlidingWindowSize(),
                        config.getSlowCallDurationThreshold().toNanos())
                : null;
    }

    /** Whether a success that took so long says that all is well. */
    boolean isFast(long nanos) {
        return nanos <= slowNanos;
    }

    /** Whether the window holds nothing but fast successes. */
    boolean fillsWindow() {
        return (word.get() & LENGTH) >= windowSize;
    }

    /** To be read before a fast success is reported, and handed to {@link #count} after it. */
    long before() {
        return word.get();
    }

    /** A fast success was reported to the closed breaker. One that comes in between makes it not count, to be sure. */
    void count(long before) {
        word.compareAndSet(before, before + 1);
    }

    /** Something else is about to be reported, or has been. */
    void end() {
        word.getAndUpdate(now -> (now & ~LENGTH) + NEXT_EPOCH);
    }
}
