package dev.pubsub.spi;

/** No metrics: every method does nothing. */
public final class NoMetrics implements EngineMetrics, EngineMetrics.PublishMetrics, EngineMetrics.SubscriptionMetrics {

    /** The only one. */
    public static final NoMetrics INSTANCE = new NoMetrics();

    private NoMetrics() {}

    @Override
    public void bind(EngineReadings engine) {}

    @Override
    public PublishMetrics publish(String topicTag) {
        return this;
    }

    @Override
    public void forget(String topicTag) {}

    @Override
    public void publishRejected(RejectReason reason) {}

    @Override
    public void publishWaited(long nanos) {}

    @Override
    public SubscriptionMetrics subscription(String id, SubscriptionReadings readings) {
        return this;
    }

    @Override
    public void published(PublishResult result, long nanos) {}

    @Override
    public void publishedAtOnce(PublishResult result, long startNanos, EngineTime time) {}

    @Override
    public void attempted(AttemptResult result, long nanos) {}

    @Override
    public void settled(long nanos) {}

    @Override
    public void close() {}
}
