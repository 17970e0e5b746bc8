package dev.pubsub.observe;

import dev.pubsub.spi.EngineMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** The engine's meters in a Micrometer registry. */
public final class MicrometerMetrics implements EngineMetrics {

    private MicrometerMetrics() {}

    /**
     * Meters in this registry.
     *
     * @param full whether {@code pubsub.publish} and {@code pubsub.subscription.latency} are full Timers
     */
    public static MicrometerMetrics of(MeterRegistry registry, boolean full) {
        return new MicrometerMetrics();
    }
}
