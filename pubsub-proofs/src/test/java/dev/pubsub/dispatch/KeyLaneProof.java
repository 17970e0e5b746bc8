package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.Ordering;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Copies of one key come out one at a time, and each publisher's in its order.
 *
 * <p>Design: publishers push without a lock; a worker, under the subscription's, takes in once nothing is ready, polls
 * and settles. It polls twice each time: what it gets while another copy of the key is active is a trespass. The digits
 * of the first result are the copies as they came out, those that the arbiter drains at the end included.
 */
public final class KeyLaneProof {

    private KeyLaneProof() {}

    /** A backlog, its lock, and what came out of it. */
    public static class Lanes {
        private final Entrance entrance = new Places(Integer.MAX_VALUE, new Ledger());
        final Backlog backlog = new Backlog(Ordering.KEY, entrance);
        private final ReentrantLock lock = new ReentrantLock();
        private int order;
        private int trespasses;

        final void push(Copy copy) {
            entrance.push(copy);
        }

        /** One round of a worker; whether there was a copy. */
        final boolean workOnce() {
            lock.lock();
            try {
                if (!backlog.hasReady()) {
                    backlog.takeInArrivals();
                }
                Copy copy = backlog.poll();
                if (copy == null) {
                    return false;
                }
                order = order * 10 + ProvenCopies.number(copy);
                if (backlog.poll() != null) {
                    trespasses++;
                }
                backlog.settled(copy);
                return true;
            } finally {
                lock.unlock();
            }
        }

        final void drain(II_Result r) {
            int rounds = 9; // a broken queue may have no end
            while (workOnce() && --rounds > 0) {
                // on
            }
            r.r1 = order;
            r.r2 = trespasses + backlog.lanes();
        }
    }

    /** Two publishers of one key. */
    @JCStressTest
    @State
    @Outcome(
            id = {"123, 0", "132, 0", "312, 0"},
            expect = ACCEPTABLE,
            desc = "1 before 2, and 3 anywhere")
    @Outcome(expect = FORBIDDEN, desc = "lost, twice, out of order, two at once, or a lane left behind")
    public static class TwoPublishers extends Lanes {
        private final Copy first = ProvenCopies.copyOf(1, 1);
        private final Copy second = ProvenCopies.copyOf(1, 2);
        private final Copy other = ProvenCopies.copyOf(1, 3);

        @Actor
        public void publisher() {
            push(first);
            push(second);
        }

        @Actor
        public void otherPublisher() {
            push(other);
        }

        @Arbiter
        public void drained(II_Result r) {
            drain(r);
        }
    }

    /** A publisher and a worker, and then another one. */
    @JCStressTest
    @State
    @Outcome(id = "123, 0", expect = ACCEPTABLE, desc = "in order")
    @Outcome(expect = FORBIDDEN, desc = "lost, twice, out of order, two at once, or a lane left behind")
    public static class PublisherAndWorker extends Lanes {
        private final Copy second = ProvenCopies.copyOf(1, 2);
        private final Copy third = ProvenCopies.copyOf(1, 3);

        public PublisherAndWorker() {
            push(ProvenCopies.copyOf(1, 1));
        }

        @Actor
        public void publisher() {
            push(second);
            push(third);
        }

        @Actor
        public void worker() {
            workOnce();
            workOnce();
        }

        @Arbiter
        public void drained(II_Result r) {
            drain(r);
        }
    }
}
