package dev.pubsub.benchmarks.growth;

import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** 1,000,000 failed messages that wait, due over 60 s: bytes, threads, and how late each is. */
final class ParkedRetries implements Measurement {

    private static final long FIRST_DUE_MILLIS = 20_000; // until then all are parked, weighed, and the workers gone
    private static final long LATEST_WEIGHING_MILLIS = 18_000;

    @Override
    public void measure(boolean brief, Points points) {
        long spreadMillis = brief ? 6_000 : 60_000;
        measure(brief ? 10_000 : 1_000_000, spreadMillis, points);
    }

    private static void measure(int count, long spreadMillis, Points points) {
        Integer[] payloads = IntStream.range(0, count).boxed().toArray(Integer[]::new);
        long[] failedAt = new long[count];
        long[] cameAt = new long[count];
        LongAdder failed = new LongAdder(); // not by snapshots: each looks at all parked copies for the oldest
        LongAdder came = new LongAdder();
        try (PubSub engine = PubSubEngine.builder().build()) {
            engine.start();
            engine.subscribe(
                    SubscriptionSpec.builder("parked", "parked")
                            .payloadType(Integer.class)
                            .queueCapacity(count)
                            .build(),
                    (message, delivery) -> {
                        int i = message.payload();
                        if (delivery.attempt() == 1) {
                            failedAt[i] = System.nanoTime();
                            failed.increment();
                            throw new RetryLaterException(Duration.ofMillis(waitMillis(i, count, spreadMillis)));
                        }
                        cameAt[i] = System.nanoTime();
                        came.increment();
                    });
            long before = Probe.heap();
            long start = System.nanoTime();
            for (Integer payload : payloads) {
                engine.publish("parked", payload);
            }
            Probe.await(() -> failed.sum() == count);
            points.add(count, "s to park all", (System.nanoTime() - start) / 1e9);
            points.add(count, "bytes each, message included", (Probe.heap() - before) / (double) count);
            Probe.await(() -> Probe.workers() == 0 || millisSince(start) > LATEST_WEIGHING_MILLIS);
            points.add(count, "worker threads while parked", (double) Probe.workers());
            Probe.await(() -> came.sum() == count);
            Probe.awaitQuiet(engine, "parked");
            points.add(count, "bytes each, afterwards", (Probe.heap() - before) / (double) count);
        }
        lateness(failedAt, cameAt, spreadMillis, points);
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static long waitMillis(int index, int count, long spreadMillis) {
        return FIRST_DUE_MILLIS + index * spreadMillis / count;
    }

    private static void lateness(long[] failedAt, long[] cameAt, long spreadMillis, Points points) {
        int count = failedAt.length;
        double[] percent = new double[count];
        double latestMillis = 0;
        for (int i = 0; i < count; i++) {
            long wait = TimeUnit.MILLISECONDS.toNanos(waitMillis(i, count, spreadMillis));
            long late = cameAt[i] - failedAt[i] - wait;
            percent[i] = late * 100.0 / wait;
            latestMillis = Math.max(latestMillis, late / 1e6);
        }
        Arrays.sort(percent);
        points.add(count, "least late, % of its wait", percent[0]);
        points.add(count, "median", percent[count / 2]);
        points.add(count, "p99", percent[(int) (count * 0.99)]);
        points.add(count, "latest", percent[count - 1]);
        points.add(count, "latest, ms", latestMillis);
    }
}
