package dev.pubsub.benchmarks.kafka;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts what arrives, sees to it that each key's numbers rise, and takes the time from the first record to the last.
 * Safe for use by any thread.
 */
final class Arrived {

    private static final long HANDLING_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final int expected;
    private final boolean slow;
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong disorder = new AtomicLong();
    private final ConcurrentHashMap<Integer, Integer> latest = new ConcurrentHashMap<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long firstNanos;
    private volatile long lastNanos;

    Arrived(int expected, boolean slow) {
        this.expected = expected;
        this.slow = slow;
    }

    void handle(byte[] payload) {
        long number = count.incrementAndGet();
        if (number == 1) {
            firstNanos = System.nanoTime();
        }
        if (slow) {
            work(ByteBuffer.wrap(payload));
        }
        if (number == expected) {
            lastNanos = System.nanoTime();
            done.countDown();
        }
    }

    private void work(ByteBuffer payload) {
        int key = payload.getInt();
        int sequence = payload.getInt();
        Integer before = latest.put(key, sequence);
        if (before != null && before >= sequence) {
            disorder.incrementAndGet();
        }
        long end = System.nanoTime() + HANDLING_NANOS;
        for (long left = HANDLING_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Records a second, once all are there. */
    double awaitRate() {
        try {
            if (!done.await(120, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Only " + count + " of " + expected + " records came");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        if (disorder.get() > 0) {
            throw new IllegalStateException(disorder + " records came out of the order of their keys");
        }
        return (expected - 1) * 1e9 / (lastNanos - firstNanos);
    }
}
