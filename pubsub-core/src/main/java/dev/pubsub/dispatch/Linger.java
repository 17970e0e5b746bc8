package dev.pubsub.dispatch;

import dev.pubsub.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits of a few microseconds before a thread goes to sleep: to sleep and to be woken costs each side as much, and at a
 * high rate what it waits for is there by then. With it one publisher and one worker exchange 6 million messages a
 * second, without it 4 (2 cores, Java 17).
 *
 * <p>It spins, since to yield forfeits a whole time slice where other threads have use for the processor (milliseconds,
 * in which the next message waits). So that spinning takes nothing away from those, at most all processors but one do
 * it at a time. Safe for use by any thread; one for an engine.
 */
final class Linger {

    private static final TimeSource REAL_TIME = TimeSource.system();
    private static final long FOR_ARRIVALS_NANOS = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long FOR_ROOM_NANOS = TimeUnit.MICROSECONDS.toNanos(30);
    private static final long FEW_NANOS =
            TimeUnit.MICROSECONDS.toNanos(8); // with 3, it still chases where misses are dear
    private static final int MANY_PLACES = 256;
    private static final int PAUSES = 64; // to look more often would take the cache line away from who is to write it

    private final int limit = Runtime.getRuntime().availableProcessors() - 1;
    private final AtomicInteger lingering = new AtomicInteger();

    /** A worker waits for copies, unless it was woken for a lone one. */
    void forArrivals(Worker worker, Backlog backlog) {
        if (!worker.mayLinger()) {
            return;
        }
        if (lingering.incrementAndGet() <= limit) {
            long end = REAL_TIME.nanoTime() + FOR_ARRIVALS_NANOS;
            while (!backlog.hasArrivals() && REAL_TIME.nanoTime() < end) {
                pause();
            }
        }
        lingering.decrementAndGet();
    }

    /**
     * A worker that is faster than who publishes lets more copies arrive, if what arrived last did not keep it busy as
     * long as this wait. Else it would take a few at a time, from the cache lines that the publisher is writing or
     * about to write, which slows both down and so goes on: 300 ns a message instead of 100 (2 cores, AMD EPYC, on
     * which a line takes 220 ns from core to core). A worker that has enough to do never waits here. Answers whether it
     * waited.
     */
    boolean whileFewArrive(Worker worker, Backlog backlog) {
        boolean few = worker.nowNanos() - worker.lookedNanos() < FEW_NANOS;
        if (!few || backlog.hasReady() || !backlog.hasArrivals()) {
            return false;
        }
        boolean waits = lingering.incrementAndGet() <= limit;
        if (waits) {
            long end = REAL_TIME.nanoTime() + FEW_NANOS;
            do {
                pause();
            } while (REAL_TIME.nanoTime() < end);
        }
        lingering.decrementAndGet();
        return waits;
    }

    /** A publisher waits for many places, rather than to fight for the first one. */
    void forRoom(Places places) {
        int enough = Math.min(MANY_PLACES, places.limit() / 2);
        if (lingering.incrementAndGet() <= limit) {
            long end = REAL_TIME.nanoTime() + FOR_ROOM_NANOS;
            while (places.free() < enough && REAL_TIME.nanoTime() < end) {
                pause();
            }
        } else {
            LockSupport.parkNanos(FOR_ROOM_NANOS); // needs no processor, nor a worker to wake it
        }
        lingering.decrementAndGet();
    }

    private static void pause() {
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
        }
    }
}
