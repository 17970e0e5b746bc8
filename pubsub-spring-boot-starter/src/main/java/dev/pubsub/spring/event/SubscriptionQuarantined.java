package dev.pubsub.spring.event;

import java.time.Instant;

/**
 * Too many handlers of a subscription run on after their deadlines: its copies become dead letters until fewer are left
 * and it is resumed.
 */
public record SubscriptionQuarantined(String subscriptionId, Instant at) implements SubscriptionEvent {}
