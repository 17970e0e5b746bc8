package dev.pubsub.observe;

import dev.pubsub.spi.SubscriptionReadings;
import dev.pubsub.spi.SubscriptionReadings.Figure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A circuit breaker's meters under Resilience4j's own names, read by gauges: its binder would register a listener,
 * which costs every success 60 ns and 120 bytes. Where somebody has bound that breaker already, there is nothing to
 * add.
 */
final class BreakerMeters {

    private static final String STATE = "resilience4j.circuitbreaker.state";
    private static final List<String> STATES =
            List.of("CLOSED", "OPEN", "HALF_OPEN", "FORCED_OPEN", "DISABLED", "METRICS_ONLY");

    private BreakerMeters() {}

    static List<Meter> bind(MeterRegistry registry, SubscriptionReadings readings) {
        String name = readings.breakerName();
        List<Meter> meters = new ArrayList<>();
        if (name == null || !registry.find(STATE).tag("name", name).meters().isEmpty()) {
            return meters;
        }
        for (String state : STATES) {
            meters.add(Gauge.builder(STATE, readings, all -> isIn(all, state) ? 1 : 0)
                    .description("The states of the circuit breaker")
                    .tags("name", name, "state", state.toLowerCase(Locale.ROOT))
                    .register(registry));
        }
        meters.add(Gauge.builder("resilience4j.circuitbreaker.failure.rate", readings, all -> all.breakerFailureRate())
                .description("The failure rate of the circuit breaker")
                .tags("name", name)
                .register(registry));
        meters.add(Gauge.builder(
                        "resilience4j.circuitbreaker.not.permitted.calls",
                        readings,
                        all -> all.read(Figure.BREAKER_NOT_PERMITTED))
                .description("Calls that the circuit breaker did not permit")
                .tags("name", name, "kind", "not_permitted")
                .register(registry));
        return meters;
    }

    private static boolean isIn(SubscriptionReadings readings, String state) {
        String now = readings.breakerState();
        return now.equals(state) || (now.equals("NONE") && state.equals("CLOSED")); // not made yet: it would be closed
    }
}
