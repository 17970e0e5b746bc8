package dev.pubsub.spring.event;

import java.time.Instant;

/**
 * Something that those who are on call want to know of a subscription. Published to Spring's event listeners:
 *
 * <pre>{@code
 * @EventListener
 * void onTrouble(SubscriptionPaused event) { ... }
 * }</pre>
 *
 * <p>Events are immutable and hold no payload, key, header value or exception message. They come from a thread of the
 * engine's pool, one at a time for each engine; a listener may take its time and may fail, which is logged. While one
 * is busy, of several changes of one cause the last counts, and of dead letters beyond 1,024 only the number
 * ({@link DeadLettersNotTold}). They are told in the engine's application context and its parents.
 */
public sealed interface SubscriptionEvent
        permits SubscriptionPaused, SubscriptionResumed, SubscriptionQuarantined, MessageDeadLettered {

    /** Of which subscription. */
    String subscriptionId();

    /** When it happened. */
    Instant at();
}
