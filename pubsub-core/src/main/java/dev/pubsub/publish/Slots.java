package dev.pubsub.publish;

import dev.pubsub.spi.Apart;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots for publish calls in progress. A {@link java.util.concurrent.Semaphore} does the same, but its count lies
 * wherever the collector has put it, beside what workers write or what each publish reads: from one collection to the
 * next a message took 120 to 180 ns, with this 120 (2 cores, Java 17).
 *
 * <p>Concurrency: {@code taken} is changed by compare-and-set. Whoever waits says so in {@code waiting} first and then
 * looks for a slot; whoever gives one back does that first and then looks whether anybody waits: one of the two sees
 * the other. Who waits sleeps on {@code freed}; a slot may be taken past them.
 */
final class Slots {

    private static final int APART = Apart.BYTES / Integer.BYTES;
    private static final int TAKEN = APART; // from both ends of the array
    private static final int WAITING = TAKEN + 1;

    private final int limit;
    private final AtomicIntegerArray words = new AtomicIntegerArray(3 * APART);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();

    Slots(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** How many are taken now. */
    int taken() {
        return words.get(TAKEN);
    }

    /** Takes a slot if there is one; never waits. */
    boolean tryAcquire() {
        while (true) {
            int now = words.get(TAKEN);
            if (now >= limit) {
                return false;
            }
            if (words.compareAndSet(TAKEN, now, now + 1)) {
                return true;
            }
        }
    }

    /** Takes a slot, after having waited for one so long at the most; false without one. */
    boolean tryAcquire(long timeout, TimeUnit unit) throws InterruptedException {
        long left = unit.toNanos(timeout);
        lock.lockInterruptibly();
        words.incrementAndGet(WAITING);
        try {
            while (!tryAcquire()) {
                if (left <= 0) {
                    return false;
                }
                left = freed.awaitNanos(left);
            }
            return true;
        } finally {
            words.decrementAndGet(WAITING);
            lock.unlock();
        }
    }

    /** Gives a slot back. */
    void release() {
        words.getAndDecrement(TAKEN);
        if (hasWaiters()) {
            wakeOne();
        }
    }

    /** Whether somebody waits for one. */
    boolean hasWaiters() {
        return words.get(WAITING) > 0;
    }

    private void wakeOne() {
        lock.lock();
        try {
            freed.signal();
        } finally {
            lock.unlock();
        }
    }
}
