package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spi.SubscriptionListener.Cause;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Who listens is told of each change once, in the order of the changes, by one thread at a time; none is lost, and what
 * was told last is what is.
 *
 * <p>Design: the real {@link StateChanges} and {@link Notices}. The pool is the proof's: whoever is to tell waits in it
 * until an actor plays that thread, or does so at once in the thread of whoever has it started. The digits are what was
 * told, in that order: 1 paused and 2 resumed by hand, 3 quarantined.
 */
public final class NoticesProof {

    private NoticesProof() {}

    /** Two subscriptions, and who listens to both. */
    public static class Listened {
        final Queue<Runnable> pool = new ConcurrentLinkedQueue<>();
        final StateChanges a;
        final StateChanges b;
        private final ReentrantLock lock = new ReentrantLock();
        private int noted;
        private int told; // plain: one thread at a time, each after the other

        Listened(boolean tellsAtOnce) {
            Executor executor = tellsAtOnce ? Runnable::run : pool::add;
            Notices notices = Notices.of(List.of(new Listener()), executor, ProvenSubscription.TIME);
            a = notices.changesOf("a");
            b = notices.changesOf("b");
        }

        private final class Listener implements SubscriptionListener {

            @Override
            public void paused(String subscriptionId, Cause cause, Instant at) {
                told = told * 10 + 1;
            }

            @Override
            public void resumed(String subscriptionId, Cause cause, Instant at) {
                told = told * 10 + 2;
            }

            @Override
            public void quarantined(String subscriptionId, Instant at) {
                told = told * 10 + 3;
            }
        }

        /** As {@link DispatchState} has it: noted under the subscription's lock, and told after it. */
        final void change(StateChanges changes, Cause cause, boolean holds) {
            lock.lock();
            try {
                changes.note(cause, holds);
                noted = noted * 10 + (cause == Cause.QUARANTINE ? 3 : holds ? 1 : 2);
            } finally {
                lock.unlock();
            }
            changes.tell();
        }

        /** A thread of the pool that has something to do. */
        final void tell() {
            pool.remove().run();
        }

        /** What was told, once all who were started have. */
        final int toldInTheEnd() {
            while (!pool.isEmpty()) {
                tell();
            }
            return told;
        }

        final int noted() {
            return noted;
        }
    }

    /** Two causes of one subscription, and nobody who tells yet: one of the two is started, and tells both in order. */
    @JCStressTest
    @State
    @Outcome(
            id = {"13, 13", "31, 31"},
            expect = ACCEPTABLE,
            desc = "both, in the order of the changes")
    @Outcome(expect = FORBIDDEN, desc = "one was lost, told twice, or told out of order")
    public static class TwoCauses extends Listened {

        public TwoCauses() {
            super(true);
        }

        @Actor
        public void user() {
            change(a, Cause.MANUAL, true);
        }

        @Actor
        public void watchdog() {
            change(a, Cause.QUARANTINE, true);
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = toldInTheEnd();
            r.r2 = noted();
        }
    }

    /** Two subscriptions, and nobody who tells yet: one thread is started, not two. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 13", "1, 31"},
            expect = ACCEPTABLE,
            desc = "one thread tells both")
    @Outcome(expect = FORBIDDEN, desc = "nobody tells, or two tell at once, or one was lost")
    public static class TwoSubscriptions extends Listened {

        public TwoSubscriptions() {
            super(false);
        }

        @Actor
        public void user() {
            change(a, Cause.MANUAL, true);
        }

        @Actor
        public void watchdog() {
            change(b, Cause.QUARANTINE, true);
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = pool.size();
            r.r2 = toldInTheEnd();
        }
    }

    /** Whoever tells is about to end when the next one comes. */
    @JCStressTest
    @State
    @Outcome(id = "13", expect = ACCEPTABLE, desc = "both, in order")
    @Outcome(expect = FORBIDDEN, desc = "one was lost, or told twice")
    public static class ChangeWhileOneTells extends Listened {

        public ChangeWhileOneTells() {
            super(false);
            change(a, Cause.MANUAL, true);
        }

        @Actor
        public void watchdog() {
            change(b, Cause.QUARANTINE, true);
        }

        @Actor
        public void whoTells() {
            tell();
        }

        @Arbiter
        public void afterwards(I_Result r) {
            r.r1 = toldInTheEnd();
        }
    }

    /** A cause comes and goes faster than it is told. */
    @JCStressTest
    @State
    @Outcome(id = "1212", expect = ACCEPTABLE, desc = "each change")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "the last ones, which lead to what is")
    @Outcome(expect = FORBIDDEN, desc = "what was told last is not what is, or a change was told twice")
    public static class ChangesWhileOneTells extends Listened {

        public ChangesWhileOneTells() {
            super(false);
            change(a, Cause.MANUAL, true);
        }

        @Actor
        public void user() {
            change(a, Cause.MANUAL, false);
            change(a, Cause.MANUAL, true);
            change(a, Cause.MANUAL, false);
        }

        @Actor
        public void whoTells() {
            tell();
        }

        @Arbiter
        public void afterwards(I_Result r) {
            r.r1 = toldInTheEnd();
        }
    }
}
