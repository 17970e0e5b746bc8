package dev.pubsub.spring.event;

import java.time.Instant;

/**
 * A subscription makes no attempts; its copies wait.
 *
 * @param cause {@link PauseCause#MANUAL} or {@link PauseCause#CIRCUIT_BREAKER}; a quarantine is an event of its own
 */
public record SubscriptionPaused(String subscriptionId, PauseCause cause, Instant at) implements SubscriptionEvent {}
