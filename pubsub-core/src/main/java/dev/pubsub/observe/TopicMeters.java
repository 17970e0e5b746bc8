package dev.pubsub.observe;

import dev.pubsub.spi.EngineMetrics.PublishMetrics;
import dev.pubsub.spi.EngineMetrics.PublishResult;
import dev.pubsub.spi.EngineTime;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * {@code pubsub.publish} for one topic tag: a Timer for each result, or count, total and maximum at a fraction of its
 * cost. Meters appear with the first publish of their result. Safe for use by any thread.
 */
final class TopicMeters implements PublishMetrics {

    private static final String NAME = "pubsub.publish";

    /** Takes durations in. */
    interface Recorder {
        void record(long nanos);

        default void recordAtOnce(long startNanos, EngineTime time) {
            record(time.nanos() - startNanos);
        }
    }

    private final MeterRegistry registry;
    private final String topic;
    private final boolean full;
    private final List<Meter> meters = new ArrayList<>();
    private final AtomicReferenceArray<Recorder> recorders = new AtomicReferenceArray<>(PublishResult.values().length);
    private boolean closed;

    TopicMeters(MeterRegistry registry, String topic, boolean full) {
        this.registry = registry;
        this.topic = topic;
        this.full = full;
    }

    @Override
    public void published(PublishResult result, long nanos) {
        recorder(result).record(nanos);
    }

    @Override
    public void publishedAtOnce(PublishResult result, long startNanos, EngineTime time) {
        recorder(result).recordAtOnce(startNanos, time);
    }

    private Recorder recorder(PublishResult result) {
        Recorder recorder = recorders.get(result.ordinal());
        return recorder == null ? create(result) : recorder;
    }

    private synchronized Recorder create(PublishResult result) {
        Recorder recorder = recorders.get(result.ordinal());
        if (recorder == null) {
            recorder = closed ? nanos -> {} : full ? timer(result) : figures(result);
            recorders.set(result.ordinal(), recorder);
        }
        return recorder;
    }

    /** Removes the meters. A publish under way may still record, to nobody. */
    synchronized void close() {
        closed = true;
        meters.forEach(registry::remove);
        meters.clear();
    }

    private Recorder timer(PublishResult result) {
        Timer timer = Timer.builder(NAME)
                .description("Publish calls")
                .tags("topic", topic, "result", MicrometerMetrics.tagOf(result))
                .register(registry);
        meters.add(timer);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Recorder figures(PublishResult result) {
        TimeFigures figures = new TimeFigures();
        String[] tags = {"topic", topic, "result", MicrometerMetrics.tagOf(result)};
        meters.add(
                FunctionTimer.builder(NAME, figures, TimeFigures::count, TimeFigures::totalNanos, TimeUnit.NANOSECONDS)
                        .description("Publish calls")
                        .tags(tags)
                        .register(registry));
        meters.add(TimeGauge.builder(NAME + ".max", figures, TimeUnit.NANOSECONDS, TimeFigures::maxNanos)
                .description("The longest publish call of the last minutes")
                .tags(tags)
                .register(registry));
        return figures;
    }
}
