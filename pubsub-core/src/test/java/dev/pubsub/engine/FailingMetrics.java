package dev.pubsub.engine;

import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineReadings;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.SubscriptionReadings;

/** Metrics of an application that fail wherever a subscription's life and an engine's end meet them. */
final class FailingMetrics implements EngineMetrics {

    @Override
    public void bind(EngineReadings engine) {}

    @Override
    public PublishMetrics publish(String topicTag) {
        return NoMetrics.INSTANCE;
    }

    @Override
    public void forget(String topicTag) {
        throw new IllegalStateException("no forgetting today");
    }

    @Override
    public void publishRejected(RejectReason reason) {}

    @Override
    public void publishWaited(long nanos) {}

    @Override
    public SubscriptionMetrics subscription(String id, SubscriptionReadings readings) {
        throw new IllegalStateException("no meters today");
    }

    @Override
    public void close() {
        throw new IllegalStateException("no end today");
    }
}
