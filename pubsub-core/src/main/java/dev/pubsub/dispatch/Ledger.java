package dev.pubsub.dispatch;

import dev.pubsub.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The terms of the ledger that only the holder of the subscription's lock writes, and the latency of what was settled.
 * Of all of them, publishers read {@code released} alone.
 */
final class Ledger {

    private static final VarHandle RELEASED;

    static {
        try {
            RELEASED = MethodHandles.lookup().findVarHandle(Ledger.class, "released", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    int active;
    long completed;
    long deadLettered;
    long discarded;
    long latencyTotalNanos;
    long latencyMaxNanos;
    private long released;

    /** A copy that was active has been settled. */
    void settle(Outcome outcome, long latencyNanos) {
        active--;
        count(outcome, latencyNanos);
    }

    /** A copy that was not active has been settled. */
    void count(Outcome outcome, long latencyNanos) {
        switch (outcome) {
            case COMPLETED -> completed++;
            case DEAD_LETTERED -> deadLettered++;
            case DISCARDED -> discarded++;
        }
        latencyTotalNanos += latencyNanos;
        if (latencyNanos > latencyMaxNanos) {
            latencyMaxNanos = latencyNanos;
        }
    }

    long settled() {
        return completed + deadLettered + discarded;
    }

    /** A settled copy gives its place back. */
    void release() {
        RELEASED.setRelease(this, released + 1);
    }

    /** Places given back so far; any thread. */
    long released() {
        return (long) RELEASED.getAcquire(this);
    }
}
