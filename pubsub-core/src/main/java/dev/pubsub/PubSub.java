package dev.pubsub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The engine. Safe for use by any thread. Made by {@code dev.pubsub.engine.PubSubEngine.builder()}, or by the Spring
 * Boot starter.
 *
 * <p>Before {@link #start} messages are accepted up to the places of their subscriptions and not delivered; publishing
 * never waits then. After {@link #stop} it is refused until the next start; what was queued or parked stays and goes on
 * then. {@link #close} is final.
 */
public interface PubSub extends Publisher, AutoCloseable {

    /**
     * Adds a subscription. Of what is published after this method has returned, nothing is missed.
     *
     * @throws IllegalArgumentException if the specification asks for what the engine cannot do here
     * @throws IllegalStateException if a subscription with that id exists
     * @throws PubSubClosedException if the engine is closed
     */
    <T> Subscription subscribe(SubscriptionSpec<T> spec, MessageHandler<? super T> handler);

    /** The subscription with that id. */
    Optional<Subscription> subscription(String id);

    /** All subscriptions, by id. */
    List<Subscription> subscriptions();

    /** What could not be handled. */
    DeadLetters deadLetters();

    /** The same figures that the endpoint shows, read now. */
    PubSubSnapshot snapshot();

    /**
     * Begins to deliver. No effect on an engine that runs.
     *
     * @throws PubSubClosedException if the engine is closed
     */
    void start();

    /**
     * Refuses messages from outside, waits up to {@code drain} for what is queued and active (handlers may publish
     * until then), then cancels what still runs. A cancelled attempt is no failure; its copy goes back to the head of
     * its queue. Returns at most 1 s after the drain's end, and does not wait for what falls due after it. Called from
     * a handler, it does not wait for that handler. While another stop is under way it shortens that one's drain to its
     * own. Before the first start it only refuses from now on; no effect on an engine that is stopped.
     *
     * @throws IllegalArgumentException if {@code drain} is negative
     */
    void stop(Duration drain);

    /** Stops with the configured drain, then discards and reports what is left. Idempotent. */
    @Override
    void close();
}
