package dev.pubsub.benchmarks.growth;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.journey.Journeys;
import dev.pubsub.observe.ContextCarrier;
import dev.pubsub.observe.ContextPropagation;
import dev.pubsub.observe.ContextTracer;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.observe.MicrometerTracer;
import dev.pubsub.spi.TimeSource;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** One message with everything on, and with one protection off, or one more on. */
final class FeatureCost implements Measurement {

    /** What differs from the defaults with metrics. */
    enum Variant {
        ALL_ON("all on"),
        BREAKER_OFF("breaker off"),
        RETRY_OFF("retry off"),
        METRICS_OFF("metrics off"),
        DEAD_LETTERS_OFF("dead letters off"),
        ALL_OFF("all four off"),
        DETAIL_FULL("metrics in full detail"),
        ORDER_KEY("ordered by key"),
        ORDER_TOPIC("ordered by topic"),
        JOURNEYS("journeys, 8 a millisecond"),
        JOURNEYS_OF_ALL("journeys of every message"),
        TRACING_UNHANDLED("tracing (observation registry, no handler)"),
        TRACING("tracing (a handler that does nothing)"),
        TRACING_ALONE("tracing (the same, no context carried)"),
        CONTEXT("context carried, no tracing (nothing is held)"),
        CONTEXT_HELD("context carried, no tracing (one MDC entry)");

        private final String label;

        Variant(String label) {
            this.label = label;
        }

        private boolean is(Variant off) {
            return this == off || (this == ALL_OFF && off.ordinal() < ordinal());
        }
    }

    private static final int BURST = 400;
    private static final int KEYS = 10_000;

    private final Variant variant;

    FeatureCost(Variant variant) {
        this.variant = variant;
    }

    @Override
    public void measure(boolean brief, Points points) throws Exception {
        if (variant == Variant.CONTEXT_HELD) {
            MDC.put("user", "ann"); // stays: each measurement has a JVM of its own
        }
        int rounds = brief ? 5 : 15;
        double[] rate = new double[rounds];
        double[] bytes = new double[rounds];
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(brief ? 1 : 4); // compiling while both cores are busy
        while (System.nanoTime() - warm < 0) {
            delivered(100_000, rate, bytes, 0);
            eachSideAlone(100);
        }
        for (int i = 0; i < rounds; i++) {
            delivered(brief ? 100_000 : 500_000, rate, bytes, i);
        }
        Sides sides = eachSideAlone(brief ? 500 : 3_000);
        points.add(variant.label, "ns of a publisher alone", sides.publisher());
        points.add(variant.label, "ns of a worker alone", sides.worker());
        points.add(variant.label, "M messages/s delivered", settledMedian(rate));
        points.add(variant.label, "bytes a message", settledMedian(bytes));
    }

    /** Of the latter two thirds: before, the compiler is at work. */
    private static double settledMedian(double[] values) {
        return Points.median(Arrays.copyOfRange(values, values.length / 3, values.length));
    }

    private void delivered(int messages, double[] rate, double[] bytes, int round) {
        try (PubSub engine = engine().build()) {
            engine.start();
            engine.subscribe(spec(), (message, delivery) -> {});
            @Nullable String[] keys = keys();
            publish(engine, keys, 10_000);
            Probe.await(() -> Probe.figures(engine, "s").completed() == 10_000);
            long allocated = Probe.allocated();
            long start = System.nanoTime();
            publish(engine, keys, messages);
            rate[round] = messages * 1e3 / (System.nanoTime() - start); // all but the last 1,025 are settled then
            Probe.await(() -> Probe.figures(engine, "s").completed() == messages + 10_000);
            bytes[round] = (Probe.allocated() - allocated) / (double) messages;
        }
    }

    /** Nanoseconds a message. */
    private record Sides(double publisher, double worker) {}

    /**
     * What each side takes while the other waits: the worker in its handler until a burst is over, the publisher until
     * it was worked off. Of the bursts the median counts, which no interrupt moves.
     */
    private Sides eachSideAlone(int bursts) throws InterruptedException {
        HeldWorker worker = new HeldWorker();
        double[] published = new double[bursts];
        double[] handled = new double[bursts];
        try (PubSub engine = engine().build()) {
            engine.start();
            engine.subscribe(spec(), worker::handle);
            @Nullable String[] keys = keys();
            for (int burst = 0; burst < bursts; burst++) {
                HeldWorker.Gate gate = new HeldWorker.Gate();
                engine.publish("topic", gate);
                gate.awaitHeld();
                long start = System.nanoTime();
                publish(engine, keys, BURST);
                published[burst] = (double) (System.nanoTime() - start) / BURST;
                handled[burst] = (double) gate.nanosOf(BURST) / BURST;
            }
        }
        return new Sides(Points.median(published), Points.median(handled));
    }

    private static void publish(PubSub engine, @Nullable String[] keys, int messages) {
        for (int i = 0; i < messages; i++) {
            engine.publish("topic", keys[i % keys.length], engine);
        }
    }

    private @Nullable String[] keys() {
        return variant == Variant.ORDER_KEY
                ? IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toArray(String[]::new)
                : new @Nullable String[KEYS];
    }

    private PubSubBuilder engine() {
        PubSubBuilder builder = PubSubEngine.builder();
        if (variant == Variant.JOURNEYS || variant == Variant.JOURNEYS_OF_ALL) {
            int perMillisecond = variant == Variant.JOURNEYS ? 8 : Journeys.ALL;
            builder.messageListener(new Journeys(1_000, perMillisecond, TimeSource.system()));
        }
        trace(builder);
        return variant.is(Variant.METRICS_OFF)
                ? builder
                : builder.metrics(MicrometerMetrics.of(
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), variant == Variant.DETAIL_FULL));
    }

    private void trace(PubSubBuilder builder) {
        ObservationRegistry registry = ObservationRegistry.create();
        if (variant == Variant.TRACING || variant == Variant.TRACING_ALONE) {
            registry.observationConfig().observationHandler(context -> true);
        }
        switch (variant) {
            case TRACING_UNHANDLED, TRACING ->
                builder.messageTracer(MicrometerTracer.of(registry, ContextPropagation.with(List.of())));
            case TRACING_ALONE -> builder.messageTracer(MicrometerTracer.of(registry, ContextCarrier.none()));
            case CONTEXT, CONTEXT_HELD -> builder.messageTracer(ContextTracer.of(ContextPropagation.with(List.of())));
            default -> {}
        }
    }

    private SubscriptionSpec<Object> spec() {
        Ordering ordering =
                switch (variant) {
                    case ORDER_KEY -> Ordering.KEY;
                    case ORDER_TOPIC -> Ordering.TOPIC;
                    default -> Ordering.NONE;
                };
        return SubscriptionSpec.builder("s", "topic")
                .ordering(ordering)
                .circuitBreaker(variant.is(Variant.BREAKER_OFF) ? BreakerPolicy.disabled() : BreakerPolicy.defaults())
                .retry(variant.is(Variant.RETRY_OFF) ? RetryPolicy.disabled() : RetryPolicy.defaults())
                .deadLetter(!variant.is(Variant.DEAD_LETTERS_OFF))
                .build();
    }
}
