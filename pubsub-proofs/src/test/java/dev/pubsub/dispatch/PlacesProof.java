package dev.pubsub.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.dispatch.Places.Reservation;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZJZ_Result;
import org.openjdk.jcstress.infra.results.ZJ_Result;

/**
 * The places of one subscription: the limit holds, no place is lost, and nothing is accepted after a close.
 *
 * <p>Design: publishers that reserve, take back or pass by against each other, against the worker that releases (alone,
 * as the subscription's lock has it), and against the close. After it the arbiter counts.
 */
public final class PlacesProof {

    private PlacesProof() {}

    private static Places placesOf(int limit) {
        return new Places(limit, new Ledger());
    }

    private static boolean reserves(Places places) {
        return places.tryReserve() == Reservation.RESERVED;
    }

    /** Two publishers and one place. */
    @JCStressTest
    @State
    @Outcome(
            id = {"true, 1, false", "false, 1, true"},
            expect = ACCEPTABLE,
            desc = "one got it")
    @Outcome(expect = FORBIDDEN, desc = "both got it, or neither")
    public static class TwoForOnePlace {
        private final Places places = placesOf(1);

        @Actor
        public void one(ZJZ_Result r) {
            r.r1 = reserves(places);
        }

        @Actor
        public void other(ZJZ_Result r) {
            r.r3 = reserves(places);
        }

        @Arbiter
        public void count(ZJZ_Result r) {
            r.r2 = places.accepted();
        }
    }

    /**
     * Of two places one is held, and given back by a settled copy while another publisher wants both: never are more
     * inside than there are places, and neither what was given back nor what was taken meanwhile is forgotten.
     */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "came too early for the second, which is there afterwards")
    @Outcome(id = "2, 2, 0", expect = ACCEPTABLE, desc = "got the place that was given back, too")
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "inside before the other one had left; the rest as above")
    @Outcome(expect = FORBIDDEN, desc = "more inside than there are places, or a place was lost, or made")
    public static class ReleaseAndReserve {
        private final Ledger ledger = new Ledger();
        private final Places places = new Places(2, ledger);
        private final AtomicInteger inside = new AtomicInteger(1);

        public ReleaseAndReserve() {
            places.tryReserve();
        }

        @Actor
        public void worker() {
            inside.decrementAndGet();
            ledger.release(1);
        }

        @Actor
        public void publisher(III_Result r) {
            for (int i = 0; i < 2; i++) {
                if (reserves(places)) {
                    r.r1++;
                    r.r2 = Math.max(r.r2, inside.incrementAndGet());
                }
            }
        }

        @Arbiter
        public void whatIsLeft(III_Result r) {
            while (r.r3 < 3 && reserves(places)) {
                r.r3++;
            }
        }
    }

    /** A reservation is taken back, and a copy settled, at once: two places are free afterwards, and no third. */
    @JCStressTest
    @State
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both places are back")
    @Outcome(expect = FORBIDDEN, desc = "a place was lost, or made")
    public static class ReleaseAndTakeBack {
        private final Ledger ledger = new Ledger();
        private final Places places = new Places(2, ledger);

        public ReleaseAndTakeBack() {
            places.tryReserve();
            places.tryReserve();
        }

        @Actor
        public void worker() {
            ledger.release(1);
        }

        @Actor
        public void publisher() {
            places.cancelReservation();
        }

        @Arbiter
        public void whatIsLeft(I_Result r) {
            while (reserves(places)) {
                r.r1++;
            }
        }
    }

    /**
     * Of two places held one was given back before, which no publisher has seen yet, and one is given back now: two are
     * taken, whatever each publisher remembers of the count of releases, and however often it asks.
     */
    @JCStressTest
    @State
    @Outcome(
            id = {"2, 0, 0", "1, 1, 0"},
            expect = ACCEPTABLE,
            desc = "both places were found")
    @Outcome(expect = FORBIDDEN, desc = "a place was not found, or there were more than were given back")
    public static class RememberedReleases {
        private final Ledger ledger = new Ledger();
        private final Places places = new Places(2, ledger);

        public RememberedReleases() {
            places.tryReserve();
            places.tryReserve();
            ledger.release(1);
        }

        @Actor
        public void publisher(III_Result r) {
            r.r1 = (reserves(places) ? 1 : 0) + (reserves(places) ? 1 : 0);
        }

        @Actor
        public void workerThatPublishes(III_Result r) {
            ledger.release(1);
            r.r2 = reserves(places) ? 1 : 0;
        }

        @Arbiter
        public void whatIsLeft(III_Result r) {
            for (int i = 0; i < 3; i++) {
                r.r3 += reserves(places) ? 1 : 0;
            }
        }
    }

    /** Of two places one is held, and taken back while another publisher wants both. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "came too early for the second, which is there afterwards")
    @Outcome(id = "2, 0, 2", expect = ACCEPTABLE, desc = "got the place that was taken back, too")
    @Outcome(expect = FORBIDDEN, desc = "a place was lost or made, or the count is wrong")
    public static class TakeBackAndReserve {
        private final Places places = placesOf(2);

        public TakeBackAndReserve() {
            places.tryReserve();
        }

        @Actor
        public void one() {
            places.cancelReservation();
        }

        @Actor
        public void other(III_Result r) {
            r.r1 = (reserves(places) ? 1 : 0) + (reserves(places) ? 1 : 0);
        }

        @Arbiter
        public void whatIsLeft(III_Result r) {
            r.r3 = (int) places.accepted();
            while (r.r2 < 3 && reserves(places)) {
                r.r2++;
            }
        }
    }

    /** A close that has returned has seen all that was accepted: it waits for just so many copies. */
    @JCStressTest
    @State
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "accepted before, and the close knows")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "accepted behind the back of the close")
    public static class ReserveAgainstClose {
        private final Places places = placesOf(1);

        @Actor
        public void publisher(ZJ_Result r) {
            r.r1 = reserves(places);
        }

        @Actor
        public void closer(ZJ_Result r) {
            places.close();
            r.r2 = places.accepted();
        }
    }

    /** The same for what is settled at once. */
    @JCStressTest
    @State
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "accepted before, and the close knows")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "accepted behind the back of the close")
    public static class PassByAgainstClose {
        private final Places places = placesOf(1);

        @Actor
        public void publisher(ZJ_Result r) {
            r.r1 = places.acceptBeyondLimit();
        }

        @Actor
        public void closer(ZJ_Result r) {
            places.close();
            r.r2 = places.accepted();
        }
    }

    /** A stop, a publisher, and a resume that a close overtakes: the close knows what was accepted between the two. */
    @JCStressTest
    @State
    @Outcome(id = "false, 0, false", expect = ACCEPTABLE, desc = "closed for good")
    @Outcome(id = "true, 1, false", expect = ACCEPTABLE, desc = "accepted between resume and close, which knows")
    @Outcome(expect = FORBIDDEN, desc = "a resume has opened what was closed, or the close has forgotten a copy")
    public static class ResumeAgainstClose {
        private final Places places = placesOf(2);

        public ResumeAgainstClose() {
            places.stop();
        }

        @Actor
        public void resume(ZJZ_Result r) {
            places.open();
            r.r1 = reserves(places);
        }

        @Actor
        public void closer(ZJZ_Result r) {
            places.close();
            r.r2 = places.isTaking() ? -1 : places.accepted();
        }

        @Arbiter
        public void afterwards(ZJZ_Result r) {
            r.r3 = reserves(places);
        }
    }
}
