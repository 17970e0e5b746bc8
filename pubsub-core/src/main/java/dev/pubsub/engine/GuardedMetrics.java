package dev.pubsub.engine;

import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineReadings;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.SubscriptionReadings;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics whose failures are logged and have no other effect; where they fail to hand out meters there are none. What
 * the meters themselves throw is caught where they are called, since that is done for every message. Safe for use by
 * any thread.
 */
final class GuardedMetrics implements EngineMetrics {

    private static final Logger log = LoggerFactory.getLogger(GuardedMetrics.class);

    private final EngineMetrics metrics;

    private GuardedMetrics(EngineMetrics metrics) {
        this.metrics = metrics;
    }

    /** Guards these; none are left as they are, so that it can be seen that nothing is measured. */
    static EngineMetrics of(EngineMetrics metrics) {
        return metrics == NoMetrics.INSTANCE ? metrics : new GuardedMetrics(metrics);
    }

    @Override
    public void bind(EngineReadings engine) {
        guard(() -> metrics.bind(engine));
    }

    @Override
    public PublishMetrics publish(String topicTag) {
        return guard(() -> metrics.publish(topicTag), NoMetrics.INSTANCE);
    }

    @Override
    public void forget(String topicTag) {
        guard(() -> metrics.forget(topicTag));
    }

    @Override
    public void publishRejected(RejectReason reason) {
        guard(() -> metrics.publishRejected(reason));
    }

    @Override
    public void publishWaited(long nanos) {
        guard(() -> metrics.publishWaited(nanos));
    }

    @Override
    public SubscriptionMetrics subscription(String id, SubscriptionReadings readings) {
        return guard(() -> metrics.subscription(id, readings), NoMetrics.INSTANCE);
    }

    @Override
    public void close() {
        guard(metrics::close);
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            log.error("Metrics failed: {}", SafeText.of(thrown));
        }
    }

    private static <T> T guard(Supplier<? extends T> call, T otherwise) {
        try {
            return call.get();
        } catch (Throwable thrown) {
            log.error("Metrics failed: {}", SafeText.of(thrown));
            return otherwise;
        }
    }
}
