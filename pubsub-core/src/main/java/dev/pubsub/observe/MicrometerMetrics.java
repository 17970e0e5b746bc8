package dev.pubsub.observe;

import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineReadings;
import dev.pubsub.spi.SubscriptionReadings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The engine's meters in a Micrometer registry. Meters are resolved once, not for each message; tags come from
 * configured names only. Safe for use by any thread.
 */
public final class MicrometerMetrics implements EngineMetrics {

    private final MeterRegistry registry;
    private final boolean full;
    private final Map<String, TopicMeters> byTopic = new ConcurrentHashMap<>();
    private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
    private final List<Meter> ownMeters = new CopyOnWriteArrayList<>();
    private final BreakerMeters breakers;
    private final Timer waits;

    private MicrometerMetrics(MeterRegistry registry, boolean full) {
        this.registry = registry;
        this.full = full;
        this.breakers = new BreakerMeters(registry);
        for (RejectReason reason : RejectReason.values()) {
            rejected.put(
                    reason,
                    own(Counter.builder("pubsub.publish.rejected")
                            .description("Publish calls that were refused")
                            .tag("reason", tagOf(reason))
                            .register(registry)));
        }
        this.waits = own(Timer.builder("pubsub.publish.wait")
                .description("How long publish calls waited for a slot or for room, where they did")
                .register(registry));
    }

    /**
     * Meters in this registry.
     *
     * @param full whether {@code pubsub.publish} and {@code pubsub.subscription.latency} are full Timers, at a Timer's
     *     cost (33 ns each); else their count, total and maximum are kept by cheaper means
     */
    public static MicrometerMetrics of(MeterRegistry registry, boolean full) {
        return new MicrometerMetrics(registry, full);
    }

    static String tagOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private <M extends Meter> M own(M meter) {
        ownMeters.add(meter);
        return meter;
    }

    @Override
    public void bind(EngineReadings engine) {
        own(Gauge.builder("pubsub.publish.in.flight", engine, EngineReadings::publishInFlight)
                .description("Publish calls in progress")
                .register(registry));
        own(Gauge.builder("pubsub.deadletter.size", engine, EngineReadings::deadLetterCount)
                .description("Dead letters that are kept")
                .register(registry));
    }

    @Override
    public PublishMetrics publish(String topicTag) {
        return byTopic.computeIfAbsent(topicTag, tag -> new TopicMeters(registry, tag, full));
    }

    @Override
    public void forget(String topicTag) {
        TopicMeters meters = byTopic.remove(topicTag);
        if (meters != null) {
            meters.close();
        }
    }

    @Override
    public void publishRejected(RejectReason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void publishWaited(long nanos) {
        waits.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public SubscriptionMetrics subscription(String id, SubscriptionReadings readings) {
        return new SubscriptionMeters(registry, id, readings, full, breakers);
    }

    @Override
    public void close() {
        ownMeters.forEach(registry::remove);
        ownMeters.clear();
        byTopic.values().forEach(TopicMeters::close);
        byTopic.clear();
    }
}
