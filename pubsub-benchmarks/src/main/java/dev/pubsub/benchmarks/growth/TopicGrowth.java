package dev.pubsub.benchmarks.growth;

import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.util.stream.IntStream;

/** 1 to 1,000,000 topics, each published to in turn, which is what a cache likes least. */
final class TopicGrowth implements Measurement {

    private static final int PUBLISHES = 1_000_000;

    @Override
    public void measure(boolean brief, Points points) {
        int most = brief ? 10_000 : 1_000_000;
        String[] topics =
                IntStream.range(0, most).mapToObj(i -> "orders.region." + i).toArray(String[]::new);
        try (PubSub engine = PubSubEngine.builder().build()) {
            engine.start();
            engine.subscribe(SubscriptionSpec.builder("other", "orders.*").build(), (message, delivery) -> {});
            publish(engine, topics, 1);
            publish(engine, topics, most);
            for (int each = 1; each <= most; each *= 10) {
                int count = each;
                long before = Probe.heap();
                points.add(count, "ns a publish", Probe.settled(() -> publish(engine, topics, count)));
                points.add(count, "KB more on the heap", (Probe.heap() - before) / 1e3);
            }
        }
    }

    /** Which no pattern matches, so that it is the way to the route that is measured; answers the nanoseconds each. */
    private static double publish(PubSub engine, String[] topics, int count) {
        long start = System.nanoTime();
        for (int i = 0; i < PUBLISHES; i++) {
            engine.publish(topics[i % count], topics);
        }
        return (System.nanoTime() - start) / (double) PUBLISHES;
    }
}
