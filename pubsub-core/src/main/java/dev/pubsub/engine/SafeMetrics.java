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
 * Keeps the failures of foreign metrics from the engine: without meters messages are delivered all the same. What the
 * meters themselves throw is caught where they are told. As safe for use by threads as the metrics.
 */
final class SafeMetrics implements EngineMetrics {

    private static final Logger log = LoggerFactory.getLogger(SafeMetrics.class);

    private final EngineMetrics metrics;

    private SafeMetrics(EngineMetrics metrics) {
        this.metrics = metrics;
    }

    static EngineMetrics of(EngineMetrics metrics) {
        return metrics == NoMetrics.INSTANCE ? metrics : new SafeMetrics(metrics);
    }

    @Override
    public void bind(EngineReadings engine) {
        safely(() -> metrics.bind(engine));
    }

    @Override
    public PublishMetrics publish(String topicTag) {
        return safely(() -> metrics.publish(topicTag), NoMetrics.INSTANCE);
    }

    @Override
    public void publishRejected(RejectReason reason) {
        safely(() -> metrics.publishRejected(reason));
    }

    @Override
    public void publishWaited(long nanos) {
        safely(() -> metrics.publishWaited(nanos));
    }

    @Override
    public SubscriptionMetrics subscription(String id, SubscriptionReadings readings) {
        return safely(() -> metrics.subscription(id, readings), NoMetrics.INSTANCE);
    }

    @Override
    public void close() {
        safely(metrics::close);
    }

    private static void safely(Runnable call) {
        safely(
                () -> {
                    call.run();
                    return call;
                },
                call);
    }

    private static <R> R safely(Supplier<R> call, R otherwise) {
        try {
            return call.get();
        } catch (Throwable thrown) {
            log.error("Metrics failed: {}", SafeText.of(thrown));
            return otherwise;
        }
    }
}
