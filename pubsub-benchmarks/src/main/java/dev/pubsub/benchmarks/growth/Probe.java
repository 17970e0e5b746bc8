package dev.pubsub.benchmarks.growth;

import com.sun.management.ThreadMXBean;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/** Reads the JVM. */
final class Probe {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int COLLECTIONS = 3;
    private static final int PASSES = 3;

    private Probe() {}

    /** Bytes in use after collections; the least of several, since references are cleared in steps. */
    static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** The engine's worker threads now. */
    static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pubsub-worker-"))
                .count();
    }

    /** Platform threads now, all of the JVM's. */
    static int threads() {
        return THREADS.getThreadCount();
    }

    static int peakThreads() {
        return THREADS.getPeakThreadCount();
    }

    static void resetPeak() {
        THREADS.resetPeakThreadCount();
    }

    /** Bytes that the threads that live now have allocated. */
    static long allocated() {
        return LongStream.of(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    static SubscriptionFigures figures(PubSub engine, String id) {
        return engine.snapshot().subscriptions().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The median of some passes; as many before them are the compiler's. */
    static double settled(DoubleSupplier pass) {
        double[] values = new double[PASSES];
        for (int i = -PASSES; i < PASSES; i++) {
            values[Math.max(0, i)] = pass.getAsDouble();
        }
        return Points.median(values);
    }

    /** Until nothing of it waits or is active. */
    static void awaitQuiet(PubSub engine, String id) {
        await(() -> {
            SubscriptionFigures now = figures(engine, id);
            return now.queued() + now.active() + now.parked() == 0;
        });
    }

    /** Looks each millisecond, for ten minutes at most. */
    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("What was awaited has not come");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
