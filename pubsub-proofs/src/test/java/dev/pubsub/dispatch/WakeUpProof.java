package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/**
 * No wake-up is lost between a publisher that pushes and a worker that is about to sleep.
 *
 * <p>Design: the publisher pushes onto the inbox and then reads {@code wanted}; the worker finds nothing, sets
 * {@code wanted} and looks at the inbox again. Afterwards each copy was either taken, or a worker was roused for it.
 */
public final class WakeUpProof {

    /** As long as a worker's way from one copy past the next to where it is about to rest: some 1 µs. */
    private static final int LONGEST_DELAY = 32;

    private WakeUpProof() {}

    /** The worker looks for the last time. */
    @JCStressTest
    @State
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "the worker took it")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the worker sleeps, and was roused")
    @Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or nobody needed it")
    public static class PublisherAndWorkerThatRests {
        private final HandOver handOver = new HandOver();
        private final Copy copy = ProvenCopies.copyOf(0, 1);

        @Actor
        public void publisher() {
            handOver.publish(copy);
        }

        @Actor
        public void worker(ZI_Result r) {
            r.r1 = handOver.takeOrRest() != null;
        }

        @Arbiter
        public void rousings(ZI_Result r) {
            r.r2 = handOver.roused();
        }
    }

    /** The worker sleeps: of two publishers one rouses it, whichever found the inbox empty. */
    @JCStressTest
    @State
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "roused once, for both")
    @Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or given twice, or a copy is missing")
    public static class TwoPublishersAndWorkerThatSleeps {
        private final HandOver handOver = new HandOver();
        private final Copy first = ProvenCopies.copyOf(0, 1);
        private final Copy second = ProvenCopies.copyOf(0, 2);

        public TwoPublishersAndWorkerThatSleeps() {
            handOver.takeOrRest();
        }

        @Actor
        public void one() {
            handOver.publish(first);
        }

        @Actor
        public void other() {
            handOver.publish(second);
        }

        @Arbiter
        public void rousings(II_Result r) {
            r.r1 = handOver.roused();
            r.r2 = handOver.waiting();
        }
    }

    /**
     * One arrives while another is ready: the worker leaves it in the inbox until nothing is ready, and nothing may be
     * forgotten there. Who was roused must find it. The worker has a long way to where it is about to rest, and the
     * publisher is to come anywhere on it.
     */
    @JCStressTest
    @State
    @Outcome(id = "23, 0, 0", expect = ACCEPTABLE, desc = "the worker took both, in order")
    @Outcome(id = "2, 1, 3", expect = ACCEPTABLE, desc = "the worker sleeps, was roused, and found the second one")
    @Outcome(expect = FORBIDDEN, desc = "a copy was forgotten, or out of order, or a wake-up was for nothing")
    public static class ArrivalBehindReady {
        private final HandOver handOver = new HandOver();
        private final Copy arrival = ProvenCopies.copyOf(0, 3);
        private final Copy active;
        private final int delay = ThreadLocalRandom.current().nextInt(LONGEST_DELAY);

        public ArrivalBehindReady() {
            handOver.publish(ProvenCopies.copyOf(0, 1));
            handOver.publish(ProvenCopies.copyOf(0, 2));
            active = handOver.takeOrRest();
        }

        @Actor
        public void publisher() {
            for (int i = 0; i < delay; i++) {
                Thread.onSpinWait();
            }
            handOver.publish(arrival);
        }

        @Actor
        public void worker(III_Result r) {
            Copy next = handOver.settleAndTake(active);
            while (next != null) {
                r.r1 = r.r1 * 10 + ProvenCopies.number(next);
                next = handOver.settleAndTake(next);
            }
            next = handOver.takeOrRest();
            if (next != null) {
                r.r1 = r.r1 * 10 + ProvenCopies.number(next);
            }
        }

        @Arbiter
        public void rousedWorker(III_Result r) {
            r.r2 = handOver.roused();
            Copy found = r.r2 == 0 ? null : handOver.takeOrRest();
            r.r3 = found == null ? 0 : ProvenCopies.number(found);
        }
    }

    /** The worker settles a copy while another one of its key arrives, finds it or sleeps. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 0, 0", "0, 1, 0"},
            expect = ACCEPTABLE,
            desc = "the worker took it")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "the worker sleeps, and was roused")
    @Outcome(expect = FORBIDDEN, desc = "the follower was forgotten, or taken twice")
    public static class FollowerAndWorkerThatSettles {
        private final HandOver handOver = new HandOver();
        private final Copy active = ProvenCopies.copyOf(1, 1);
        private final Copy follower = ProvenCopies.copyOf(1, 2);

        public FollowerAndWorkerThatSettles() {
            handOver.publish(active);
            handOver.takeOrRest();
        }

        @Actor
        public void publisher() {
            handOver.publish(follower);
        }

        @Actor
        public void worker(III_Result r) {
            if (handOver.settleAndTake(active) != null) {
                r.r1 = 1;
            } else if (handOver.takeOrRest() != null) {
                r.r2 = 1;
            }
        }

        @Arbiter
        public void rousings(III_Result r) {
            r.r3 = handOver.roused();
        }
    }
}
