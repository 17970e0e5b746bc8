package dev.pubsub.dispatch;

import dev.pubsub.Outcome;

/**
 * The terms of the ledger that only the holder of the subscription's lock writes, and the latency of what was settled.
 */
final class Ledger {

    int active;
    long completed;
    long deadLettered;
    long discarded;
    long latencyTotalNanos;
    long latencyMaxNanos;

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
}
