package dev.pubsub.observe;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.EngineMetrics.SubscriptionMetrics;
import dev.pubsub.spi.SubscriptionReadings;
import dev.pubsub.spi.SubscriptionReadings.Figure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one subscription. What the engine counts anyway is read by function meters; only attempts are timed.
 * Safe for use by any thread: the list of meters is guarded by this object, timers appear with the first attempt of
 * their result.
 */
final class SubscriptionMeters implements SubscriptionMetrics {

    private static final String LATENCY = "pubsub.subscription.latency";

    private final MeterRegistry registry;
    private final SubscriptionReadings readings;
    private final BreakerMeters breakers;
    private final Tags tags;
    private final @Nullable Timer latency;
    private final List<Meter> meters = new ArrayList<>();
    private final AtomicReferenceArray<@Nullable Timer> attempts =
            new AtomicReferenceArray<>(AttemptResult.values().length);
    private boolean closed;

    SubscriptionMeters(
            MeterRegistry registry, String id, SubscriptionReadings readings, boolean full, BreakerMeters breakers) {
        this.registry = registry;
        this.readings = readings;
        this.breakers = breakers;
        this.tags = Tags.of("subscription", id);
        this.latency = full ? latencyTimer() : null;
        if (!full) {
            latencyFigures();
        }
        counters();
        gauges();
        breakers.add(readings);
    }

    private Timer latencyTimer() {
        Timer timer = Timer.builder(LATENCY)
                .description("From acceptance to settlement")
                .tags(tags)
                .register(registry);
        keep(timer);
        return timer;
    }

    private void latencyFigures() {
        keep(FunctionTimer.builder(
                        LATENCY,
                        readings,
                        all -> all.read(Figure.SETTLED),
                        all -> all.read(Figure.LATENCY_TOTAL_NANOS),
                        TimeUnit.NANOSECONDS)
                .description("From acceptance to settlement")
                .tags(tags)
                .register(registry));
        keep(TimeGauge.builder(
                        LATENCY + ".max", readings, TimeUnit.NANOSECONDS, all -> all.read(Figure.LATENCY_MAX_NANOS))
                .description("The longest from acceptance to settlement so far")
                .tags(tags)
                .register(registry));
    }

    private void counters() {
        counter("pubsub.subscription.retries", "Further attempts that were scheduled after a failure", Figure.RETRIES);
        counter("pubsub.subscription.timeouts", "Attempts that exceeded their deadline", Figure.TIMEOUTS);
        counter("pubsub.subscription.panics", "Attempts that threw an Error", Figure.PANICS);
        counter("pubsub.subscription.filtered", "Messages that the condition refused", Figure.FILTERED);
        counter("pubsub.subscription.abandoned", "Handlers that ran on after their deadline", Figure.ABANDONED);
        counter(
                "pubsub.subscription.late.completions",
                "Abandoned handlers that ended after all",
                Figure.LATE_COMPLETIONS);
        counter("pubsub.subscription.breaker.trips", "Changes of the circuit breaker to OPEN", Figure.BREAKER_TRIPS);
        counter("pubsub.deadletter.replayed", "Dead letters that were replayed", Figure.DEAD_LETTERS_REPLAYED);
        counter("pubsub.deadletter.discarded", "Dead letters that were discarded", Figure.DEAD_LETTERS_DISCARDED);
        counter("pubsub.deadletter.evicted", "Dead letters beyond capacity or retention", Figure.DEAD_LETTERS_EVICTED);
        counter("pubsub.deadletter.failed", "Copies lost since the store failed", Figure.DEAD_LETTERS_FAILED);
        for (Reason reason : Reason.values()) {
            keep(FunctionCounter.builder("pubsub.deadletter.added", readings, all -> all.deadLettered(reason))
                    .description("Copies that became dead letters")
                    .tags(tags.and("reason", MicrometerMetrics.tagOf(reason)))
                    .register(registry));
        }
    }

    private void counter(String name, String description, Figure figure) {
        keep(FunctionCounter.builder(name, readings, all -> all.read(figure))
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void gauges() {
        gauge("pubsub.subscription.queued", "Copies that wait for an attempt now", Figure.QUEUED);
        gauge("pubsub.subscription.active", "Attempts that run now", Figure.ACTIVE);
        gauge("pubsub.subscription.parked", "Copies that wait for the time of their next attempt", Figure.PARKED);
        gauge("pubsub.subscription.paused", "1 while paused or quarantined, by whatever cause", Figure.PAUSED);
        gauge("pubsub.subscription.quarantined", "1 while quarantined, until it is resumed", Figure.QUARANTINED);
        keep(TimeGauge.builder(
                        "pubsub.subscription.oldest.age",
                        readings,
                        TimeUnit.NANOSECONDS,
                        all -> all.read(Figure.OLDEST_AGE_NANOS))
                .description("Since when the oldest unsettled copy waits")
                .tags(tags)
                .register(registry));
    }

    private void gauge(String name, String description, Figure figure) {
        keep(Gauge.builder(name, readings, all -> all.read(figure))
                .description(description)
                .tags(tags)
                .register(registry));
    }

    @Override
    public void attempted(AttemptResult result, long nanos) {
        Timer timer = attempts.get(result.ordinal());
        if (timer == null) {
            timer = create(result);
        }
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized @Nullable Timer create(AttemptResult result) {
        Timer timer = attempts.get(result.ordinal());
        if (timer == null && !closed) {
            timer = Timer.builder("pubsub.subscription.process")
                    .description("Attempts")
                    .tags(tags.and("result", MicrometerMetrics.tagOf(result)))
                    .register(registry);
            keep(timer);
            attempts.set(result.ordinal(), timer);
        }
        return timer;
    }

    @Override
    public void settled(long nanos) {
        if (latency != null) {
            latency.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void keep(Meter meter) {
        meters.add(meter);
    }

    @Override
    public synchronized void close() {
        closed = true;
        breakers.remove(readings);
        meters.forEach(registry::remove);
        meters.clear();
    }
}
