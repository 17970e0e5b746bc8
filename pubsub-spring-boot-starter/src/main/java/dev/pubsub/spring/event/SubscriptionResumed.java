package dev.pubsub.spring.event;

import java.time.Instant;

/**
 * A cause of a subscription's pause is lifted; another one may still hold.
 *
 * @param cause the one that is lifted
 */
public record SubscriptionResumed(String subscriptionId, PauseCause cause, Instant at) implements SubscriptionEvent {}
