package dev.pubsub.transport.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.Message;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.dispatch.ProvenSubscription;
import dev.pubsub.dispatch.Targets;
import dev.pubsub.spi.DirectSender;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A message goes to all of its subscriptions or to none.
 *
 * <p>Design: two subscriptions with one free place each, which are not started, so that what they took stays and can be
 * counted. Publishers offer to both, in the one order and in the other, so that each may hold a place that the other
 * one wants; or a subscription is closed meanwhile.
 */
public final class TransportProof {

    private static final DirectSender SENDER = (DirectSender) new MemoryTransport().sender();
    private static final Message<?> MESSAGE = Message.of("t", "payload");

    private TransportProof() {}

    /** Two subscriptions with one free place each. */
    public static class TwoSubscriptions {
        final LiveSubscription a = ProvenSubscription.live("a", 2);
        final LiveSubscription b = ProvenSubscription.live("b", 2);
        final Targets ab = new Targets(new Intake[] {a.intake(), b.intake()});
        final Targets ba = new Targets(new Intake[] {b.intake(), a.intake()});

        TwoSubscriptions() {
            offer(ab);
        }

        final int offer(Targets targets) {
            return SENDER.send(MESSAGE, targets, 1);
        }

        /** Copies that have arrived, without the one that was there. */
        static int arrived(LiveSubscription subscription) {
            return subscription.reader().figures().queued() - 1;
        }
    }

    /** In the same order: one is accepted, whatever happens. */
    @JCStressTest
    @State
    @Outcome(
            id = {"2, -1, 1, 1", "-1, 2, 1, 1"},
            expect = ACCEPTABLE,
            desc = "one accepted, by both subscriptions")
    @Outcome(expect = FORBIDDEN, desc = "in one subscription only, beyond a limit, or a place was lost")
    public static class SameOrder extends TwoSubscriptions {

        @Actor
        public void one(IIII_Result r) {
            r.r1 = offer(ab);
        }

        @Actor
        public void other(IIII_Result r) {
            r.r2 = offer(ab);
        }

        @Arbiter
        public void count(IIII_Result r) {
            r.r3 = arrived(a);
            r.r4 = arrived(b);
        }
    }

    /** Crosswise: both may find the other's reservation, and are refused; then nothing has happened. */
    @JCStressTest
    @State
    @Outcome(
            id = {"2, -1, 1, 1", "2, -2, 1, 1", "-1, 2, 1, 1", "-2, 2, 1, 1"},
            expect = ACCEPTABLE,
            desc = "one accepted, by both subscriptions")
    @Outcome(id = "-2, -2, 1, 1", expect = ACCEPTABLE_INTERESTING, desc = "both refused; the next one is accepted")
    @Outcome(expect = FORBIDDEN, desc = "in one subscription only, beyond a limit, or a place was lost")
    public static class Crosswise extends TwoSubscriptions {

        @Actor
        public void one(IIII_Result r) {
            r.r1 = offer(ab);
        }

        @Actor
        public void other(IIII_Result r) {
            r.r2 = offer(ba);
        }

        @Arbiter
        public void count(IIII_Result r) {
            if (r.r1 < 0 && r.r2 < 0) {
                offer(ab);
            }
            r.r3 = arrived(a);
            r.r4 = arrived(b);
        }
    }

    /** A subscription is closed: it takes its copy and discards it, or takes none; the other has its own. */
    @JCStressTest
    @State
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "taken by both, and discarded by the one that closed")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "taken by the one that is left")
    @Outcome(expect = FORBIDDEN, desc = "taken by a closed subscription, or lost")
    public static class OfferAgainstClose extends TwoSubscriptions {

        @Actor
        public void publisher(III_Result r) {
            r.r1 = offer(ab);
        }

        @Actor
        public void closer(III_Result r) {
            r.r2 = b.closeWithEngine(); // with the copy that was there
        }

        @Arbiter
        public void count(III_Result r) {
            r.r3 = arrived(a);
        }
    }
}
