package dev.pubsub.dispatch;

import dev.pubsub.spi.Apart;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;

/**
 * The lock of a subscription: as a {@link java.util.concurrent.locks.ReentrantLock}, but not to be entered twice, and
 * without an owner. To write down the owner, and to look who it is, takes 4 of the 120 ns of a message (2 cores, Java
 * 17, G1).
 *
 * <p>Concurrency: whoever changes {@code word} from free to taken, by compare-and-set, holds the lock; the queue of
 * those who wait is the superclass's. A worker does so at each message, so the word lies {@link Apart} once there is a
 * worker: the holder puts another in its place, taken, and leaves the old one taken for ever. Who had read the old one
 * fails on it, and reads again.
 */
final class DispatchLock extends AbstractQueuedSynchronizer {

    private static final long serialVersionUID = 1L;

    private static final int FREE = 0;
    private static final int TAKEN = 1;

    private transient volatile Word word = new SmallWord();

    void lock() {
        if (!tryAcquire(1)) {
            acquire(1);
        }
    }

    void lockInterruptibly() throws InterruptedException {
        acquireInterruptibly(1);
    }

    void unlock() {
        release(1);
    }

    Condition newCondition() {
        return new ConditionObject();
    }

    /** The lock will be taken often from now; by its holder. */
    void moveApart() {
        requireHeld();
        word = new PaddedWord();
    }

    @Override
    protected boolean tryAcquire(int unused) {
        return word.take();
    }

    @Override
    protected boolean tryRelease(int unused) {
        requireHeld();
        word.free();
        return true;
    }

    private void requireHeld() {
        if (!word.isTaken()) {
            throw new IllegalMonitorStateException("The lock is not held");
        }
    }

    @Override
    protected boolean isHeldExclusively() {
        return word.isTaken();
    }

    /** Says whether the lock is taken. */
    private interface Word {

        /** Takes it if it is free. */
        boolean take();

        boolean isTaken();

        void free();
    }

    private static final class SmallWord extends AtomicInteger implements Word {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean take() {
            return get() == FREE && compareAndSet(FREE, TAKEN);
        }

        @Override
        public boolean isTaken() {
            return get() == TAKEN;
        }

        @Override
        public void free() {
            set(FREE);
        }
    }

    private static class ApartWord extends Apart implements Word {

        private static final VarHandle STATE;

        static {
            try {
                STATE = MethodHandles.lookup().findVarHandle(ApartWord.class, "state", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private volatile int state = TAKEN;

        @Override
        public final boolean take() {
            return state == FREE && STATE.compareAndSet(this, FREE, TAKEN);
        }

        @Override
        public final boolean isTaken() {
            return state == TAKEN;
        }

        @Override
        public final void free() {
            state = FREE;
        }
    }

    private static final class PaddedWord extends ApartWord {
        @SuppressWarnings("unused")
        private long after1, after2, after3, after4, after5, after6, after7, after8, after9;
        @SuppressWarnings("unused")
        private long after10, after11, after12, after13, after14, after15;
    }
}
