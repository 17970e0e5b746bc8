package dev.pubsub.observe;

import dev.pubsub.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Count, total and recent maximum of durations. Any thread records; the maximum is racy by design: of two that set it
 * at once the smaller may win, which the next record mends. It covers one to two minutes, moved on by whoever reads it.
 */
final class TimeFigures {

    private static final TimeSource CLOCK = TimeSource.system();
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LongAdder count = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();
    private volatile long max;
    private volatile long maxBefore;
    private long windowStart = CLOCK.nanoTime();

    void record(long nanos) {
        count.increment();
        totalNanos.add(nanos);
        if (nanos > max) {
            max = nanos;
        }
    }

    long count() {
        return count.sum();
    }

    double totalNanos() {
        return totalNanos.sum();
    }

    synchronized double maxNanos() {
        long now = CLOCK.nanoTime();
        if (now - windowStart > WINDOW_NANOS) {
            maxBefore = now - windowStart > 2 * WINDOW_NANOS ? 0 : max;
            max = 0;
            windowStart = now;
        }
        return Math.max(max, maxBefore);
    }
}
