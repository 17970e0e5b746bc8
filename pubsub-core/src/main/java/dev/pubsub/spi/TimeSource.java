package dev.pubsub.spi;

import java.time.Clock;

/**
 * The engine's one source of time. Deadlines, retries and waits of circuit breakers are measured by {@link #nanoTime},
 * so that a jump of the wall clock moves none of them; {@link #currentTimeMillis} serves time stamps and retention
 * only. Implementations are safe for use by any thread and never block.
 */
public interface TimeSource {

    /** As {@link System#nanoTime}: nanoseconds from an arbitrary origin, never going back. */
    long nanoTime();

    /** As {@link System#currentTimeMillis}: the wall clock, which may jump. */
    long currentTimeMillis();

    /** The system's time. */
    static TimeSource system() {
        return SystemTimeSource.of(Clock.systemUTC());
    }

    /** The system's monotonic time, with this wall clock. */
    static TimeSource of(Clock wallClock) {
        return SystemTimeSource.of(wallClock);
    }
}
