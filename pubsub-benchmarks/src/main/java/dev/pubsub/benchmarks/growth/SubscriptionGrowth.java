package dev.pubsub.benchmarks.growth;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.observe.MicrometerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.stream.IntStream;

/** 1 to 100,000 subscriptions: bytes, time and threads before the first message, and with all that the first makes. */
final class SubscriptionGrowth implements Measurement {

    private static final MessageHandler<Object> NOTHING = (message, delivery) -> {};
    private static final String USED = "with meters and breakers, after a message";
    private static final int MOST_WITH_METERS = 1_000; // Micrometer looks through all meters to remove one
    private static final int FEWEST_FOR_BYTES = 100; // below, the JVM's own bytes are more than theirs

    @Override
    public void measure(boolean brief, Points points) {
        subscribe(
                PubSubEngine.builder(),
                20_000,
                points,
                BreakerPolicy.defaults(),
                ""); // the compiler's work is no matter of growth
        for (int count = 1; count <= (brief ? 1_000 : 100_000); count *= 10) {
            subscribe(PubSubEngine.builder(), count, points, BreakerPolicy.defaults(), "bare");
            if (count <= MOST_WITH_METERS) {
                subscribe(metered(), count, points, BreakerPolicy.disabled(), "with meters");
                subscribe(metered(), count, points, BreakerPolicy.defaults(), USED);
            }
        }
    }

    private static PubSubBuilder metered() {
        return PubSubEngine.builder()
                .metrics(MicrometerMetrics.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), false));
    }

    private static void subscribe(
            PubSubBuilder builder, int count, Points points, BreakerPolicy breaker, String column) {
        String[] ids = names("subscription-", count);
        String[] topics = names("topic.", count);
        try (PubSub engine = builder.build()) {
            engine.start();
            engine.subscribe(SubscriptionSpec.builder("first", "first").build(), NOTHING);
            long before = Probe.heap();
            int threads = Probe.threads();
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                engine.subscribe(
                        SubscriptionSpec.builder(ids[i], topics[i])
                                .circuitBreaker(breaker)
                                .build(),
                        NOTHING);
            }
            double micros = (System.nanoTime() - start) / 1e3 / count;
            if (column.equals(USED)) {
                useAll(engine, topics);
            }
            if (!column.isEmpty()) {
                if (count >= FEWEST_FOR_BYTES) {
                    points.add(count, "bytes each, " + column, (Probe.heap() - before) / (double) count);
                }
                points.add(count, "µs each to subscribe, " + column, micros);
                points.add(count, "threads more, " + column, Probe.threads() - threads);
            }
        }
    }

    private static void useAll(PubSub engine, String[] topics) {
        for (String topic : topics) {
            engine.publish(topic, topic);
        }
        Probe.await(
                () -> engine.snapshot().subscriptions().stream().allMatch(one -> one.completed() == one.accepted()));
        if (topics.length >= FEWEST_FOR_BYTES) {
            Probe.await(() -> Probe.workers() == 0); // 1 s without work, and then 10 s in the pool
        }
    }

    private static String[] names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
    }
}
