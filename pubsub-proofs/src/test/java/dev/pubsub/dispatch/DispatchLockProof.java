package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The lock of a subscription admits one thread at a time, also while its word moves.
 *
 * <p>Design: two threads raise a plain count under the lock; whoever comes second sees what the first has written.
 */
public final class DispatchLockProof {

    private DispatchLockProof() {}

    private static final class Guarded {
        private final DispatchLock lock = new DispatchLock();
        private int count;

        int raise(boolean moving) {
            lock.lock();
            try {
                if (moving) {
                    lock.moveApart();
                }
                int raised = ++count;
                lock.unlock();
                return raised;
            } catch (IllegalMonitorStateException freedByAnother) {
                return 0;
            }
        }
    }

    /** The word has moved before: it is that of a subscription at work. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "both at once, or unseen by the other")
    public static class TwoWhoLock {
        private final Guarded guarded = new Guarded();

        public TwoWhoLock() {
            guarded.raise(true);
            guarded.count = 0;
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = guarded.raise(false);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = guarded.raise(false);
        }
    }

    /** One of them moves the word, as with the first worker. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "both at once, or unseen by the other")
    public static class OneMovesIt {
        private final Guarded guarded = new Guarded();

        @Actor
        public void mover(II_Result r) {
            r.r1 = guarded.raise(true);
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = guarded.raise(false);
        }
    }
}
