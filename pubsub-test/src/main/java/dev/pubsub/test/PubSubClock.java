package dev.pubsub.test;

import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time that moves only when told: deadlines, retries, waits of circuit breakers, rates of replays and the retention of
 * dead letters pass within {@link #advance}, in their order, however long they take. An engine asks its circuit breaker
 * 1 ms after the end of a wait. What waits for room in a queue, and what drains an engine, takes real time
 * nevertheless.
 *
 * <p>Safe for use by any thread; to be moved by one at a time, which is no handler's.
 */
public final class PubSubClock implements TimeSource, Scheduler {

    /** What the wall clock shows at first, and again after each test. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Logger log = LoggerFactory.getLogger(PubSubClock.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Set<Timer> timers = new HashSet<>();
    private final Deque<Runnable> dueAtOnce = new ArrayDeque<>();
    private final ReentrantLock moving = new ReentrantLock();
    private volatile long nanos = 1;
    private volatile long wallOffsetMillis = START.toEpochMilli();
    private volatile @Nullable Stillness stillness;
    private long numbers;
    private @Nullable Thread worker; // runs what is due at once
    private boolean atWork;
    private boolean closed;

    PubSubClock() {}

    private record Timer(long due, long number, Runnable action) {

        boolean isBefore(Timer other) {
            return due != other.due ? due < other.due : number < other.number;
        }

        boolean isDeadlineCheck() {
            return action instanceof DeadlineCheck;
        }
    }

    /** The clock waits, before each step, until nothing goes on that needs no time. */
    void heed(Stillness given) {
        this.stillness = given;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeMillis() {
        return wallOffsetMillis + nanos / NANOS_PER_MILLI;
    }

    /** What the wall clock shows. */
    public Instant instant() {
        return Instant.ofEpochMilli(currentTimeMillis());
    }

    /**
     * Moves the time on. Everything that falls due meanwhile happens in its order: before each step, and at the end, it
     * waits (in real time, at most the probe's timeout) until no handler runs and no copy could be attempted. It does
     * not wait for handlers that hang by a rule of {@link Faults}, or that {@link PubSubProbe#awaitHanging} has seen:
     * these reach their deadlines.
     *
     * @throws IllegalArgumentException if {@code by} is negative or above 365 days
     * @throws IllegalStateException if a handler calls it
     * @throws AssertionError if handlers go on for too long, naming them
     */
    public void advance(Duration by) {
        if (by.isNegative() || by.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("The clock was to be moved by " + by + "; it must be 0 to 365 days");
        }
        move(nanos + by.toNanos(), () -> false);
    }

    /**
     * Moves the time to {@code end}, or until {@code enough} after a step.
     *
     * @return whether it was enough
     */
    boolean move(long end, java.util.function.BooleanSupplier enough) {
        if (ProbedHandler.isRunningHere()) {
            throw new IllegalStateException(
                    "A handler moves the clock, which waits for handlers; move it in the test, not in a handler");
        }
        moving.lock();
        try {
            awaitStillness();
            while (!enough.getAsBoolean()) {
                Timer next = pollDue(end);
                if (next == null) {
                    nanos = Math.max(nanos, end);
                    awaitStillness();
                    return enough.getAsBoolean();
                }
                run(next.action());
                awaitStillness();
            }
            return true;
        } finally {
            moving.unlock();
        }
    }

    private void awaitStillness() {
        Stillness known = stillness;
        if (known != null) {
            known.await();
        }
    }

    /** The next timer that is due by then, taken out, with the time moved to it; null without one. */
    private synchronized @Nullable Timer pollDue(long end) {
        Timer next = next();
        if (next == null || next.due() > end) {
            return null;
        }
        timers.remove(next);
        nanos = Math.max(nanos, next.due());
        return next;
    }

    /** The next timer; deadlines are looked after once there is a handler that may reach its own. */
    private @Nullable Timer next() {
        Stillness known = stillness;
        boolean handlersRun = known == null || known.handlersRun();
        Timer next = null;
        for (Timer timer : timers) {
            if ((handlersRun || !timer.isDeadlineCheck()) && (next == null || timer.isBefore(next))) {
                next = timer;
            }
        }
        return next;
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error thrown) { // one that fails must not keep others from running
            log.error("A timer failed: {}", SafeText.of(thrown));
        }
    }

    /**
     * Moves the wall clock alone, as an administrator or NTP does: deadlines, retries and waits stay as they are, time
     * stamps and the age of dead letters do not.
     */
    public void jumpWallClock(Duration by) {
        setWallClock(instant().plus(Objects.requireNonNull(by, "by")));
    }

    synchronized void setWallClock(Instant to) {
        wallOffsetMillis = to.toEpochMilli() - nanos / NANOS_PER_MILLI;
    }

    @Override
    public synchronized Cancellable schedule(Runnable task, long delayNanos) {
        if (closed) {
            return () -> {};
        }
        if (delayNanos <= 0) {
            dueAtOnce.add(task);
            workAtOnce();
            return () -> cancel(task);
        }
        Timer timer = new Timer(nanos + delayNanos, numbers++, task);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    private synchronized void cancel(Runnable task) {
        dueAtOnce.remove(task);
    }

    /** What needs no time runs without the clock being moved; the thread ends with the work. */
    private void workAtOnce() {
        if (worker == null) {
            Thread thread = new Thread(null, this::work, "pubsub-test-clock", 0, false);
            thread.setDaemon(true);
            worker = thread;
            thread.start();
        }
    }

    private void work() {
        for (Runnable task = nextAtOnce(); task != null; task = nextAtOnce()) {
            run(task);
        }
    }

    private synchronized @Nullable Runnable nextAtOnce() {
        Runnable next = dueAtOnce.poll();
        atWork = next != null;
        if (next == null) {
            worker = null;
        }
        return next;
    }

    /** Whether something runs that was due at once. */
    synchronized boolean isAtWork() {
        return atWork || !dueAtOnce.isEmpty();
    }

    /** How long until the next timer; null without one. */
    synchronized @Nullable Duration untilNext() {
        Timer next = next();
        return next == null ? null : Duration.ofNanos(Math.max(0, next.due() - nanos));
    }

    /** When the last of the timers is due that are set now; the present time without one. */
    synchronized long lastDue() {
        return timers.stream().mapToLong(Timer::due).max().orElse(nanos);
    }

    /** Called by the engine at its end. */
    @Override
    public synchronized void close() {
        closed = true;
        timers.clear();
        dueAtOnce.clear();
    }

    @Override
    public String toString() {
        return "PubSubClock[" + instant() + "]";
    }
}
