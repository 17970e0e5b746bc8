package dev.pubsub.soak;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Heap, threads and deadlocks, by quarters of the time. A number of samples with a pause between each two, and not a
 * time: a process that is stopped for a while has quarters of the same size all the same.
 */
final class Samples {

    private static final int LEAST_A_QUARTER = 6;
    private static final long PAUSE_AT_MOST = Duration.ofMillis(500).toNanos();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final int each;
    private final long pause;
    private final List<Long> heap = new ArrayList<>();
    private final List<Integer> peaks = new ArrayList<>();
    private int deadlocked;
    private int taken;

    Samples(Duration length) {
        long quarter = length.toNanos() / 4;
        this.each = (int) Math.max(LEAST_A_QUARTER, quarter / PAUSE_AT_MOST);
        this.pause = quarter / each;
    }

    void takeQuarter(Runnable afterEach) {
        long[] live = new long[each];
        threads.resetPeakThreadCount();
        for (int i = 0; i < each; i++) {
            Pace.parkUntil(System.nanoTime() + pause);
            live[i] = liveBytes();
            long[] found = threads.findDeadlockedThreads();
            deadlocked = Math.max(deadlocked, found == null ? 0 : found.length);
            taken++;
            afterEach.run();
        }
        Arrays.sort(live);
        heap.add(live[each / 2]);
        peaks.add(threads.getPeakThreadCount());
    }

    void report(Figures figures) {
        figures.put("samples", taken);
        for (int quarter = 1; quarter <= heap.size(); quarter++) {
            figures.put(heap(quarter), heap.get(quarter - 1) / 1_024);
        }
        for (int quarter = 1; quarter <= peaks.size(); quarter++) {
            figures.put(threads(quarter), peaks.get(quarter - 1));
        }
        figures.put("deadlocked threads", deadlocked);
    }

    static String heap(int quarter) {
        return "heap in use after collections, quarter " + quarter + ", median, KB";
    }

    static String threads(int quarter) {
        return "threads, quarter " + quarter + ", most";
    }

    /** What the collection left over; what is in use now would count the garbage of the moment since. */
    private static long liveBytes() {
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
