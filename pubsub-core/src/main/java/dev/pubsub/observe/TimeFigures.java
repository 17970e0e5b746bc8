package dev.pubsub.observe;

import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.StripedCount;
import dev.pubsub.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Count, total and recent maximum of durations.
 *
 * <p>Of durations that follow each other within {@link #SAMPLE_NANOS} only the first is timed; it stands for all that
 * were counted since the one timed before, up to that length: what it took longer happened to it alone. So the count is
 * exact; the total is an estimate, which never falls, and is exact where less than one comes every 10 µs.
 *
 * <p>Concurrency: any thread records; who may time is decided by a compare-and-set on {@code lastTimed}. The maximum is
 * racy by design: of two that set it at once the smaller may win, which the next record mends. It covers one to two
 * minutes, moved on by whoever reads it.
 */
final class TimeFigures implements TopicMeters.Recorder {

    static final long SAMPLE_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

    private static final TimeSource CLOCK = TimeSource.system();
    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final StripedCount atOnce = new StripedCount();
    private final LongAdder others = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();
    private final AtomicLong lastTimed = new AtomicLong(-SAMPLE_NANOS);
    private final AtomicLong accountedFor = new AtomicLong();
    private volatile long max;
    private volatile long maxBefore;
    private long windowStart = CLOCK.nanoTime();

    @Override
    public void record(long nanos) {
        others.increment();
        add(nanos, 1);
    }

    @Override
    public void recordAtOnce(long startNanos, EngineTime time) {
        atOnce.increment();
        long last = lastTimed.get();
        if (startNanos - last >= SAMPLE_NANOS && lastTimed.compareAndSet(last, startNanos)) {
            long nanos = time.nanos() - startNanos;
            long counted = atOnce.sum();
            add(nanos, Math.max(1, counted - accountedFor.getAndSet(counted)));
        }
    }

    private void add(long nanos, long standsFor) {
        totalNanos.add(nanos + (standsFor - 1) * Math.min(nanos, SAMPLE_NANOS));
        if (nanos > max) {
            max = nanos;
        }
    }

    long count() {
        return atOnce.sum() + others.sum();
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
