package dev.pubsub.benchmarks.growth;

import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.stream.IntStream;

/** As many messages with 1 to 1,000,000 keys: bytes while they are queued, while they are parked, and afterwards. */
final class KeyGrowth implements Measurement {

    private static final Duration WAIT = Duration.ofSeconds(20); // long enough to park and to weigh all of them

    @Override
    public void measure(boolean brief, Points points) {
        int messages = brief ? 10_000 : 1_000_000;
        String[] keys = IntStream.range(0, messages).mapToObj(i -> "key-" + i).toArray(String[]::new);
        for (int count = 1; count <= messages; count *= 100) {
            queued(keys, count, points);
        }
        parked(keys, brief ? Duration.ofSeconds(2) : WAIT, points);
    }

    private static void queued(String[] keys, int count, Points points) {
        try (PubSub engine = PubSubEngine.builder().build()) {
            subscribe(engine, keys.length, Duration.ZERO);
            long before = Probe.heap();
            publish(engine, keys, count); // before the start: they stay where they are
            Probe.figures(engine, "keyed"); // takes in what has arrived
            points.add(count, "bytes a message, queued", (Probe.heap() - before) / (double) keys.length);
            long start = System.nanoTime();
            engine.start();
            Probe.awaitQuiet(engine, "keyed");
            points.add(count, "M messages/s worked off", keys.length * 1e3 / (System.nanoTime() - start));
            points.add(count, "bytes a message, afterwards", (Probe.heap() - before) / (double) keys.length);
        }
    }

    /** One message a key: each parked copy is the head of its own lane. */
    private static void parked(String[] keys, Duration wait, Points points) {
        try (PubSub engine = PubSubEngine.builder().build()) {
            subscribe(engine, keys.length, wait);
            engine.start();
            long before = Probe.heap();
            publish(engine, keys, keys.length);
            Probe.await(() -> Probe.figures(engine, "keyed").parked() == keys.length);
            points.add(keys.length, "bytes a message, parked", (Probe.heap() - before) / (double) keys.length);
            Probe.awaitQuiet(engine, "keyed");
            points.add(keys.length, "bytes a message, after parking", (Probe.heap() - before) / (double) keys.length);
        }
    }

    private static void subscribe(PubSub engine, int capacity, Duration wait) {
        engine.subscribe(
                SubscriptionSpec.builder("keyed", "keyed")
                        .ordering(Ordering.KEY)
                        .queueCapacity(capacity)
                        .concurrency(4)
                        .build(),
                (message, delivery) -> {
                    if (delivery.attempt() == 1 && !wait.isZero()) {
                        throw new RetryLaterException(wait);
                    }
                });
    }

    private static void publish(PubSub engine, String[] keys, int count) {
        for (int i = 0; i < keys.length; i++) {
            engine.publish("keyed", keys[i % count], keys);
        }
    }
}
