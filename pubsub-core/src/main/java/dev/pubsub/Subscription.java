package dev.pubsub;

/** A handle to a subscription. Safe for use by any thread. */
public interface Subscription extends AutoCloseable {

    /** What a subscription does at present. */
    enum State {
        /** Takes copies and handles them. */
        RUNNING,
        /** Takes copies, begins no attempt: paused by hand or by its circuit breaker. */
        PAUSED,
        /** Too many abandoned handlers: dead-letters its copies at once. */
        QUARANTINED,
        /** Takes no copies: closed, or not started automatically. */
        STOPPED
    }

    /** The id. */
    String id();

    /** What it was subscribed with. */
    SubscriptionSpec<?> spec();

    /** The present state. */
    State state();

    /** After this has returned no attempt begins. Attempts under way go on. Idempotent; no effect once closed. */
    void pause();

    /**
     * Lifts a pause by hand, and a quarantine once fewer than {@code maxAbandoned} handlers are left; starts a
     * subscription that was not started automatically. A pause by the circuit breaker ends by itself. Idempotent.
     *
     * @throws IllegalStateException if the subscription was closed, or still has too many abandoned handlers
     */
    void resume();

    /**
     * Ends the subscription. After this has returned no attempt begins: active ones were awaited at most to their
     * deadlines (but not the caller's own), the rest was discarded. Idempotent.
     */
    @Override
    void close();
}
