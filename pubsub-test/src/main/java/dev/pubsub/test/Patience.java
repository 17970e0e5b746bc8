package dev.pubsub.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits in real time for what other threads do: looks again every 100 microseconds. */
final class Patience {

    private static final long INTERVAL_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private Patience() {}

    /**
     * Waits until the condition holds.
     *
     * @return false if it did not within this time
     * @throws AssertionError if the thread is interrupted; the flag is set again
     */
    static boolean until(Duration atMost, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start >= atMost.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("The test was interrupted while it waited for the engine");
            }
        }
        return true;
    }
}
