package dev.pubsub.benchmarks.growth;

import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.util.stream.IntStream;

/** 1 to 100,000 patterns with wildcards: what a message costs whose topic is in no cache. */
final class PatternGrowth implements Measurement {

    private static final int[] SEGMENTS = {2, 4, 8, 16};
    private static final int TOPICS = 20_000; // in turn: more than both generations of the cache hold
    private static final int PUBLISHES = 200_000;

    @Override
    public void measure(boolean brief, Points points) {
        for (int count = 1; count <= (brief ? 1_000 : 100_000); count *= 10) {
            try (PubSub engine = PubSubEngine.builder().build()) {
                engine.start();
                for (int i = 0; i < count; i++) {
                    engine.subscribe(
                            SubscriptionSpec.builder("s" + i, "orders." + i + ".*.placed", "*.x" + i + ".**")
                                    .build(),
                            (message, delivery) -> {});
                }
                for (int segments : SEGMENTS) {
                    String[] topics = topics(count, segments);
                    double nanos = Probe.settled(() -> misses(engine, topics));
                    points.add(count, "ns a publish, " + segments + " segments", nanos);
                }
            }
        }
    }

    /** Each goes down as far as there are patterns, and matches none. */
    private static String[] topics(int patterns, int segments) {
        return IntStream.range(0, TOPICS)
                .mapToObj(i -> "orders." + i % patterns + (segments > 2 ? ".t" + i : "")
                        + ".and".repeat(Math.max(0, segments - 3)))
                .map(topic -> segments > 2 ? topic : topic + "-" + Integer.toHexString(topic.hashCode()))
                .toArray(String[]::new);
    }

    private static double misses(PubSub engine, String[] topics) {
        long start = System.nanoTime();
        for (int i = 0; i < PUBLISHES; i++) {
            engine.publish(topics[i % TOPICS], topics);
        }
        return (System.nanoTime() - start) / (double) PUBLISHES;
    }
}
