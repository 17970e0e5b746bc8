package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.Ordering;
import dev.pubsub.delivery.Verdict;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Of two copies that a worker took at once, it completes the first without the lock, while somebody else takes the
 * lock.
 *
 * <p>Design: the worker marks the first as done and then looks whether it was recalled; the other one recalls it and
 * then looks at the mark. So the second copy is the worker's or back in the queue, never both, and never neither.
 */
public final class PrefetcherProof {

    private PrefetcherProof() {}

    /** A worker that has taken both, and is at the first. */
    public static class AtTheFirst {
        final SubscriptionRuntime runtime =
                ProvenSubscription.runtime(ProvenSubscription.spec("prefetch", Ordering.NONE, 32));
        private final Worker worker;
        private final Copy first;

        AtTheFirst() {
            runtime.intake.push(ProvenCopies.copyOf(0, 1));
            runtime.intake.push(ProvenCopies.copyOf(0, 2));
            runtime.lock.lock();
            try {
                runtime.state.running(true);
                worker = runtime.crew.rouse();
                first = runtime.take(worker);
                runtime.crew.found(worker);
            } finally {
                runtime.lock.unlock();
            }
        }

        /** As the work loop does after an attempt that has completed; the number of the next copy, 0 for none. */
        final int completeTheFirst() {
            Copy next = worker.settleAndGoOn(first);
            if (next == null) {
                next = runtime.settle(worker, first, Verdict.COMPLETED);
            }
            return next == null ? 0 : ProvenCopies.number(next);
        }
    }

    /** The other one takes what is in the queue, as a close does. */
    @JCStressTest
    @State
    @Outcome(id = "2, 0, 1", expect = ACCEPTABLE, desc = "the worker has the second")
    @Outcome(id = "0, 2, 1", expect = ACCEPTABLE, desc = "the other one has it")
    @Outcome(expect = FORBIDDEN, desc = "both have it, or nobody, or the first was not settled once")
    public static class OneWhoTakes extends AtTheFirst {

        @Actor
        public void worker(III_Result r) {
            r.r1 = completeTheFirst();
        }

        @Actor
        public void other(III_Result r) {
            runtime.enter();
            try {
                Copy copy = runtime.backlog.pollAny(true);
                r.r2 = copy == null ? 0 : ProvenCopies.number(copy);
            } finally {
                runtime.lock.unlock();
            }
        }

        @Arbiter
        public void settled(III_Result r) {
            runtime.enter();
            try {
                r.r3 = (int) runtime.ledger.released();
            } finally {
                runtime.lock.unlock();
            }
        }
    }

    /** The other one only looks: what it sees is true of a worker that takes one copy after another. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "the first is active, the second queued")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the first is completed, the second active")
    @Outcome(expect = FORBIDDEN, desc = "a copy is missing, or there are two active")
    public static class OneWhoLooks extends AtTheFirst {

        @Actor
        public void worker() {
            completeTheFirst();
        }

        @Actor
        public void other(III_Result r) {
            runtime.enter();
            try {
                r.r1 = runtime.ledger.active();
                r.r2 = runtime.backlog.queued();
                r.r3 = (int) runtime.ledger.completed();
            } finally {
                runtime.lock.unlock();
            }
        }
    }
}
