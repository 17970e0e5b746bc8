package dev.pubsub.benchmarks.growth;

import dev.pubsub.Execution;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Concurrency 1 to 64 with handlers that block for a millisecond. */
final class ConcurrencyGrowth implements Measurement {

    private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Execution execution;

    ConcurrencyGrowth(Execution execution) {
        this.execution = execution;
    }

    @Override
    public void measure(boolean brief, Points points) {
        String where = execution.name().toLowerCase(Locale.ROOT) + ", Java "
                + Runtime.version().feature();
        run(16, 2_000);
        for (int concurrency = 1; concurrency <= 64; concurrency *= 2) {
            Probe.await(() -> Probe.workers() == 0); // those of the run before
            int threads = Probe.threads();
            Probe.resetPeak();
            double nanos = run(concurrency, (brief ? 100 : 1_000) * concurrency);
            points.add(concurrency, "messages/s, " + where, 1e9 / nanos);
            points.add(concurrency, "platform threads more, " + where, Probe.peakThreads() - threads);
        }
    }

    /** Answers the nanoseconds a message. */
    private double run(int concurrency, int messages) {
        try (PubSub engine = PubSubEngine.builder().build()) {
            engine.start();
            engine.subscribe(
                    SubscriptionSpec.builder("blocking", "blocking")
                            .concurrency(concurrency)
                            .execution(execution)
                            .build(),
                    (message, delivery) -> LockSupport.parkNanos(BLOCK_NANOS));
            long start = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                engine.publish("blocking", i);
            }
            Probe.awaitQuiet(engine, "blocking");
            return (System.nanoTime() - start) / (double) messages;
        }
    }
}
