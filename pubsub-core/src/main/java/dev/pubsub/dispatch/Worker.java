package dev.pubsub.dispatch;

import dev.pubsub.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes copies of one subscription, one after another, on one thread, until none has come for a moment or its attempt
 * was ended from outside.
 *
 * <p>{@code signalled} and {@code dismissed} are written under the subscription's lock by whoever takes the worker off
 * the idle list, and read by the worker when it wakes; {@link LockSupport#park} may return for no reason, so it looks
 * again.
 */
class Worker extends Prefetcher implements Runnable {

    /** How long a worker stays awake without work is no business of the engine's time. */
    private static final TimeSource REAL_TIME = TimeSource.system();

    /** Some times what it costs to be woken. */
    private static final long LONG_SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private boolean searching;
    private volatile boolean signalled;
    private volatile boolean dismissed;
    private volatile boolean started;
    private boolean takenInQuarantine; // this thread's own
    private long lookedNanos; // this thread's own
    private boolean alone; // this thread's own, too: its latest copy came after a long sleep, with no other behind it

    private Worker(SubscriptionRuntime runtime, int copiesAtOnce) {
        super(runtime, copiesAtOnce);
    }

    /** A worker that was not started yet, and may take so many copies at once. */
    static Worker of(SubscriptionRuntime runtime, int copiesAtOnce) {
        return new PaddedWorker(runtime, copiesAtOnce);
    }

    @Override
    public final void run() {
        started = true;
        bind();
        try {
            new WorkLoop(runtime(), this).run();
        } finally {
            unbind();
        }
        if (isRetired()) {
            throw new RetiredThread();
        }
    }

    boolean isStarted() {
        return started;
    }

    /** Whether it is awake, or about to be, without a copy; under the lock. */
    boolean isSearching() {
        return searching;
    }

    void searches(boolean value) {
        searching = value;
    }

    /** Before it goes idle; under the lock. */
    void rest() {
        signalled = false;
    }

    /** Taken off the idle list to look for copies; under the lock. */
    void signal() {
        signalled = true;
    }

    /** Taken off the idle list to end; under the lock. */
    void dismiss() {
        dismissed = true;
        signalled = true;
    }

    boolean isSignalled() {
        return signalled;
    }

    /** Whether it was taken off the idle list to look for copies; once so, it stays so until it rests again. */
    boolean isRoused() {
        return signalled && !dismissed; // in this order: who dismisses it writes the latter first
    }

    boolean isDismissed() {
        return dismissed;
    }

    /** What it takes next is to be settled without an attempt, or is not. */
    void takesInQuarantine(boolean quarantined) {
        takenInQuarantine = quarantined;
    }

    /** Whether its copy was taken from a subscription in quarantine. */
    boolean tookInQuarantine() {
        return takenInQuarantine;
    }

    /** Wakes the thread; outside the lock. */
    void wake() {
        @Nullable Thread sleeper = thread();
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /** Sleeps until signalled, at most so long. */
    void await(long nanos) {
        long from = REAL_TIME.nanoTime();
        long left = nanos;
        while (!signalled && left > 0) {
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // nobody interrupts an idle worker; a stray flag must not make it spin
            left = nanos - (REAL_TIME.nanoTime() - from);
        }
        alone = nanos - left > LONG_SLEEP_NANOS;
    }

    /** It looks for arrivals; under the lock. */
    void looks() {
        lookedNanos = nowNanos();
    }

    /** When it looked for arrivals last. */
    long lookedNanos() {
        return lookedNanos;
    }

    /** It has taken one copy right after another. */
    void goesOn() {
        alone = false;
    }

    /**
     * Whether the next copy may come so soon that it should stay awake for it. Not after a lone message: there would be
     * nothing to win, and the one who sent it was, on the same processor, put off by this worker; if it spins now, the
     * scheduler moves the two apart, and from then on each message has to wake another processor (of 10 µs until the
     * handler 6 were that; 2 cores, Java 17).
     */
    boolean mayLinger() {
        return !alone;
    }

    private static final class PaddedWorker extends Worker {
        @SuppressWarnings("unused")
        private long after1, after2, after3, after4, after5, after6, after7, after8, after9;
        @SuppressWarnings("unused")
        private long after10, after11, after12, after13, after14, after15;

        PaddedWorker(SubscriptionRuntime runtime, int copiesAtOnce) {
            super(runtime, copiesAtOnce);
        }
    }
}
