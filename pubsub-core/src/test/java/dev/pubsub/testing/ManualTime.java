package dev.pubsub.testing;

import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Time that moves only when told: deadlines, retries, breaker waits and retention happen inside {@link #advance}. */
public final class ManualTime implements TimeSource, Scheduler {

    private record Task(long due, long number, Runnable action, AtomicBoolean cancelled) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(
            (a, b) -> a.due != b.due ? Long.compare(a.due, b.due) : Long.compare(a.number, b.number));
    private volatile long nanos = 1;
    private volatile long wallOffsetMillis =
            Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private long numbers;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeMillis() {
        return wallOffsetMillis + nanos / 1_000_000;
    }

    /** Moves the wall clock alone, as an administrator or NTP does. */
    public synchronized void jumpWallClock(Duration by) {
        wallOffsetMillis += by.toMillis();
    }

    @Override
    public synchronized Cancellable schedule(Runnable task, long delayNanos) {
        AtomicBoolean cancelled = new AtomicBoolean();
        tasks.add(new Task(nanos + Math.max(0, delayNanos), numbers++, task, cancelled));
        return () -> cancelled.set(true);
    }

    /** Moves time on, and runs what becomes due, in order, on the calling thread. */
    public void advance(Duration by) {
        long end = nanos + by.toNanos();
        while (true) {
            Task next;
            synchronized (this) {
                next = tasks.peek();
                if (next == null || next.due > end) {
                    nanos = end;
                    return;
                }
                tasks.remove();
                nanos = Math.max(nanos, next.due);
            }
            if (!next.cancelled.get()) {
                next.action.run();
            }
        }
    }

    /** How many timers are set. */
    public synchronized int timers() {
        return (int) tasks.stream().filter(task -> !task.cancelled.get()).count();
    }

    @Override
    public void close() {}
}
