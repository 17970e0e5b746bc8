package dev.pubsub.sample.feed;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets one thread do something at most so many times a second, on average: a moment lost to a late wake-up is made up
 * for, a longer hold-up is not, so that no burst follows it. Waits without spinning.
 */
final class Pace {

    private static final long MAX_CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final double intervalNanos;
    private final LongSupplier clock;
    private final Sleeper sleeper;
    private double next;
    private boolean started;

    Pace(double rate) {
        this(rate, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    Pace(double rate, LongSupplier clock, Sleeper sleeper) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** Returns when it is time for the next. */
    void await() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long now = clock.getAsLong();
        if (!started || now - next > MAX_CATCH_UP_NANOS) {
            next = now;
            started = true;
        }
        long wait = (long) (next - now);
        next += intervalNanos;
        if (wait > 0) {
            sleeper.sleep(wait);
        }
    }

    /** What sleeps. */
    @FunctionalInterface
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }
}
