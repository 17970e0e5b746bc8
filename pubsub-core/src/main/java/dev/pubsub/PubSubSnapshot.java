package dev.pubsub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the engine at one moment. Those of one subscription are consistent with each other. Immutable.
 *
 * @param state the engine's
 * @param transport {@code memory}, or the broker's name
 * @param publisher figures of publishing
 * @param subscriptions figures of each subscription, by id
 * @param deadLetters how many there are
 * @param ledger whether what was accepted is accounted for
 */
public record PubSubSnapshot(
        State state,
        String transport,
        PublisherFigures publisher,
        List<SubscriptionFigures> subscriptions,
        int deadLetters,
        Ledger ledger) {

    /** Copies the list. */
    public PubSubSnapshot {
        subscriptions = List.copyOf(subscriptions);
    }

    /** What the engine does. */
    public enum State {
        /** Not started yet: accepts, does not deliver. */
        NEW,
        /** Accepts and delivers. */
        RUNNING,
        /** Drains: accepts from handlers only. */
        STOPPING,
        /** Refuses; keeps what was queued. */
        STOPPED,
        /** Refuses, for good. */
        CLOSED
    }

    /** Whether accepted = completed + dead-lettered + discarded + queued + active + parked. */
    public enum Ledger {
        /** It is. */
        BALANCED,
        /** It is not, in readings that were stable. */
        DRIFT
    }

    /**
     * Figures of publishing; totals since the engine was made.
     *
     * @param inFlight publish calls in progress
     * @param limit how many may be
     * @param accepted messages
     * @param rejected messages
     * @param unrouted of the accepted ones, those that no subscription's pattern matched
     */
    public record PublisherFigures(int inFlight, int limit, long accepted, long rejected, long unrouted) {}

    /**
     * Figures of one subscription; totals since it was made.
     *
     * @param id the id
     * @param topics its patterns
     * @param state its state
     * @param pausedBy {@code quarantine}, {@code manual}, {@code circuit-breaker} (the first that holds), or null
     * @param concurrency how many attempts may run at once
     * @param places how many copies may be unsettled at once
     * @param queued copies that wait for an attempt now
     * @param ready of the queued, those that a free worker could attempt now: none while the subscription is paused,
     *     held by its circuit breaker or not started, and none that follow another of their key; in quarantine all that
     *     wait, since they are dead-lettered
     * @param active attempts that run now, abandoned ones not counted
     * @param parked copies that wait for the time of their next attempt
     * @param accepted copies
     * @param completed copies
     * @param deadLettered copies
     * @param discarded copies
     * @param filtered messages that its condition refused; in no other figure
     * @param successes attempts that returned
     * @param failures attempts that threw an exception
     * @param retries further attempts that were scheduled after a failure
     * @param timeouts attempts that exceeded their deadline
     * @param panics attempts that threw an {@link Error}
     * @param cancelled attempts that were cancelled or interrupted
     * @param rejected attempts that rejected their message, or could not be made
     * @param abandoned handlers that run now although their deadline has passed
     * @param abandonedTotal how many there have been
     * @param lateCompletions abandoned handlers that have ended since
     * @param breakerTrips changes of the circuit breaker to OPEN
     * @param circuitBreaker its state in Resilience4j's terms; {@code NONE} before the first attempt or without one
     * @param oldestAgeMillis since when the oldest unsettled copy waits; 0 without one
     * @param pausedMillis for how long the cause that {@code pausedBy} names has held; 0 without one. A circuit
     *     breaker's begins with its trip and goes on through probes that fail
     * @param latencyTotalNanos from acceptance to settlement, all settled copies together
     * @param latencyMaxNanos the longest of them
     */
    public record SubscriptionFigures(
            String id,
            List<String> topics,
            Subscription.State state,
            @Nullable String pausedBy,
            int concurrency,
            int places,
            int queued,
            int ready,
            int active,
            int parked,
            long accepted,
            long completed,
            long deadLettered,
            long discarded,
            long filtered,
            long successes,
            long failures,
            long retries,
            long timeouts,
            long panics,
            long cancelled,
            long rejected,
            int abandoned,
            long abandonedTotal,
            long lateCompletions,
            long breakerTrips,
            String circuitBreaker,
            long oldestAgeMillis,
            long pausedMillis,
            long latencyTotalNanos,
            long latencyMaxNanos) {

        /** Accepted less all that it must be; 0 where the ledger is balanced. */
        public long drift() {
            return accepted - completed - deadLettered - discarded - queued - active - parked;
        }
    }
}
