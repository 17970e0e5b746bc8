package dev.pubsub.dispatch;

import dev.pubsub.Outcome;
import dev.pubsub.spi.Apart;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The terms of the ledger that only the holder of the subscription's lock writes, and the latency of what was settled.
 * Of all of them, publishers read {@code released} alone, without the lock; everything else is read under it, too.
 *
 * <p>Workers write the terms at each message, so they lie {@link Apart}, and are made with the first copy: most
 * subscriptions of many never have one. A publisher that still sees the terms of before sees no place given back.
 */
final class Ledger {

    private Terms terms = Terms.NONE; // read without the lock too, whichever it is: both tell what has been released

    /** Copies that a worker has, or whoever settles them without one. */
    int active() {
        return terms.active;
    }

    /** A copy is active from now. */
    void begin() {
        used().active++;
    }

    /** A copy is active no longer, and was not settled. */
    void leave() {
        used().active--;
    }

    /** A copy that was active has been settled. */
    void settle(Outcome outcome, long latencyNanos) {
        Terms now = used();
        now.active--;
        count(now, outcome, latencyNanos);
    }

    /** So many copies that were active one after another have completed; another one is active now, or none. */
    void complete(int copies, long latencyTotalNanos, long latencyMaxNanos, boolean another) {
        Terms now = used();
        now.active -= another ? 0 : 1;
        now.completed += copies;
        now.latencyTotalNanos += latencyTotalNanos;
        now.latencyMaxNanos = Math.max(now.latencyMaxNanos, latencyMaxNanos);
    }

    /** A copy that was not active has been settled. */
    void count(Outcome outcome, long latencyNanos) {
        count(used(), outcome, latencyNanos);
    }

    private static void count(Terms now, Outcome outcome, long latencyNanos) {
        switch (outcome) {
            case COMPLETED -> now.completed++;
            case DEAD_LETTERED -> now.deadLettered++;
            case DISCARDED -> now.discarded++;
        }
        now.latencyTotalNanos += latencyNanos;
        if (latencyNanos > now.latencyMaxNanos) {
            now.latencyMaxNanos = latencyNanos;
        }
    }

    long settled() {
        return completed() + deadLettered() + discarded();
    }

    long completed() {
        return terms.completed;
    }

    long deadLettered() {
        return terms.deadLettered;
    }

    long discarded() {
        return terms.discarded;
    }

    long latencyTotalNanos() {
        return terms.latencyTotalNanos;
    }

    long latencyMaxNanos() {
        return terms.latencyMaxNanos;
    }

    /** Handlers that run on although their attempts were ended: so many more, or fewer. */
    void abandon(int more) {
        used().abandoned += more;
    }

    /** How many there are, less those that have returned before their abandonment was counted. */
    int abandoned() {
        return terms.abandoned;
    }

    /** So many settled copies give their places back. */
    void release(int places) {
        Terms now = used();
        Terms.RELEASED.setRelease(now, now.released + places);
    }

    /** Places given back so far; any thread. */
    long released() {
        return (long) Terms.RELEASED.getAcquire(terms);
    }

    private Terms used() {
        Terms now = terms;
        if (now == Terms.NONE) {
            now = new PaddedTerms();
            terms = now;
        }
        return now;
    }

    private static class Terms extends Apart {

        /** Of subscriptions that have had no copy yet; never written. */
        static final Terms NONE = new Terms();

        static final VarHandle RELEASED;

        static {
            try {
                RELEASED = MethodHandles.lookup().findVarHandle(Terms.class, "released", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private int active;
        private int abandoned;
        private long completed;
        private long deadLettered;
        private long discarded;
        private long latencyTotalNanos;
        private long latencyMaxNanos;
        private long released;
    }

    private static final class PaddedTerms extends Terms {
        @SuppressWarnings("unused")
        private long after1, after2, after3, after4, after5, after6, after7, after8, after9;
        @SuppressWarnings("unused")
        private long after10, after11, after12, after13, after14, after15;
    }
}
