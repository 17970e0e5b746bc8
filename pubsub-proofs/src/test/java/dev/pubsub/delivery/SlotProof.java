package dev.pubsub.delivery;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIJ_Result;

/**
 * What a worker shows of its attempt to whoever ends it.
 *
 * <p>Design: permit and start are plain fields, written before {@code current} and read by a watchdog that has won the
 * attempt's word. Whoever won must see the figures of the attempt that it won, neither nothing nor those of another
 * one: they are what the breaker and the metrics are told.
 */
public final class SlotProof {

    private SlotProof() {}

    private static void begin(Slot slot, ProvenAttempt attempt, int permit, long start) {
        slot.now(start);
        slot.take(attempt);
        slot.begin(attempt, permit, ProvenAttempt.DUE - start);
    }

    /** The first attempt of a worker. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "not seen yet")
    @Outcome(id = "1, 7, 42", expect = ACCEPTABLE, desc = "won, and the figures are the attempt's")
    @Outcome(expect = FORBIDDEN, desc = "won, but the figures are not the attempt's")
    public static class FirstAttempt {
        private final Slot slot = new Slot();
        private final ProvenAttempt attempt = new ProvenAttempt();

        @Actor
        public void worker() {
            begin(slot, attempt, 7, 42);
        }

        @Actor
        public void watchdog(IIJ_Result r) {
            if (slot.current() instanceof ProvenAttempt seen && seen.expireIfDue()) {
                r.r1 = 1; // else a win without figures would look like no win
                r.r2 = slot.permit();
                r.r3 = slot.startNanos();
            }
        }
    }

    /** From one attempt to the next: the watchdog may hold the first, and win it or not. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "nothing won")
    @Outcome(id = "1, 7, 42", expect = ACCEPTABLE, desc = "the first one won, with its figures")
    @Outcome(id = "2, 8, 43", expect = ACCEPTABLE, desc = "the second one won, with its figures")
    @Outcome(expect = FORBIDDEN, desc = "one attempt won, with the figures of another")
    public static class NextAttempt {
        private final Slot slot = new Slot();
        private final ProvenAttempt first = new ProvenAttempt();
        private final ProvenAttempt second = new ProvenAttempt();

        public NextAttempt() {
            begin(slot, first, 7, 42);
        }

        @Actor
        public void worker() {
            if (first.end() == Attempt.ENDED) { // else it takes no other message
                slot.now(43);
                begin(slot, second, 8, 43);
            }
        }

        @Actor
        public void watchdog(IIJ_Result r) {
            if (slot.current() instanceof ProvenAttempt seen && seen.expireIfDue()) {
                r.r1 = seen == first ? 1 : 2;
                r.r2 = slot.permit();
                r.r3 = slot.startNanos();
            }
        }
    }
}
