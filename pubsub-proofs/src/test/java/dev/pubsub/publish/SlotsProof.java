package dev.pubsub.publish;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.ZIZ_Result;

/**
 * The slots for publish calls: the limit holds, and who waits for a slot is woken.
 *
 * <p>Design: one slot. Who waits takes it in the end also where its wake-up was lost, since it looks once more when its
 * time is over; so what shows a lost wake-up is that it has waited all of its time, which is far longer than any pause
 * of a machine that is only busy.
 */
public final class SlotsProof {

    /** Less where faults are seeded, which are to be seen soon. */
    private static final int PATIENCE_SECONDS = Integer.getInteger("proofs.patience.seconds", 10);

    private SlotsProof() {}

    /** Whether a slot was had: 1 at once or when woken, 2 when the time was over, 0 not at all. */
    private static int await(Slots slots) {
        long began = System.nanoTime();
        try {
            boolean acquired = slots.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
            long waited = System.nanoTime() - began;
            return !acquired ? 0 : waited < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) ? 1 : 2;
        } catch (InterruptedException e) {
            return -1;
        }
    }

    /** Two publishers and one slot. */
    @JCStressTest
    @State
    @Outcome(
            id = {"true, 1, false", "false, 1, true"},
            expect = ACCEPTABLE,
            desc = "one got it")
    @Outcome(expect = FORBIDDEN, desc = "both got it, or neither")
    public static class TwoForOneSlot {
        private final Slots slots = new Slots(1);

        @Actor
        public void one(ZIZ_Result r) {
            r.r1 = slots.tryAcquire();
        }

        @Actor
        public void other(ZIZ_Result r) {
            r.r3 = slots.tryAcquire();
        }

        @Arbiter
        public void count(ZIZ_Result r) {
            r.r2 = slots.taken();
        }
    }

    /** A slot is given back while somebody begins to wait for it. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "had, and one is taken")
    @Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or a slot was")
    public static class ReleaseAndWait {
        private final Slots slots = new Slots(1);

        public ReleaseAndWait() {
            slots.tryAcquire();
        }

        @Actor
        public void publisher() {
            slots.release();
        }

        @Actor
        public void waiter(III_Result r) {
            r.r1 = await(slots);
        }

        @Arbiter
        public void count(III_Result r) {
            r.r2 = slots.taken();
        }
    }

    /** A slot is given back, taken past whoever waits for it, and given back again. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1, 0", "1, 1, 1"},
            expect = ACCEPTABLE,
            desc = "had, and one is taken")
    @Outcome(expect = FORBIDDEN, desc = "a wake-up was lost, or a slot was")
    public static class ReleaseTakePastAndWait {
        private final Slots slots = new Slots(1);

        public ReleaseTakePastAndWait() {
            slots.tryAcquire();
        }

        @Actor
        public void publisher(III_Result r) {
            slots.release();
            if (slots.tryAcquire()) {
                r.r3 = 1;
                slots.release();
            }
        }

        @Actor
        public void waiter(III_Result r) {
            r.r1 = await(slots);
        }

        @Arbiter
        public void count(III_Result r) {
            r.r2 = slots.taken();
        }
    }
}
