package dev.pubsub.observe;

import dev.pubsub.spi.SubscriptionReadings;
import dev.pubsub.spi.SubscriptionReadings.Figure;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Circuit breakers' meters under Resilience4j's own names, read by gauges: its binder would register a listener, which
 * costs every success 60 ns and 120 bytes. Where somebody has bound a breaker already, there is nothing to add.
 * Subscriptions that share a breaker share its meters, which go with the last of them. Safe for use by any thread: all
 * state is guarded by this object.
 */
final class BreakerMeters {

    private static final String STATE = "resilience4j.circuitbreaker.state";
    private static final List<String> STATES =
            List.of("CLOSED", "OPEN", "HALF_OPEN", "FORCED_OPEN", "DISABLED", "METRICS_ONLY");

    /** A breaker that is bound here, and those who share it; any of them that has used it can read it. */
    private static final class Bound {
        private final List<SubscriptionReadings> users = new ArrayList<>();
        private final List<Meter> meters = new ArrayList<>();
    }

    private final MeterRegistry registry;
    private final Map<String, Bound> byName = new HashMap<>();

    BreakerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void add(SubscriptionReadings readings) {
        String name = readings.breakerName();
        if (name == null) {
            return;
        }
        Bound bound = byName.get(name);
        if (bound == null) {
            // to look for a meter is to look at all of them, so only where there can be one
            if (readings.breakerIsOfApplication() && isBoundBySomebodyElse(name)) {
                return;
            }
            bound = new Bound();
            byName.put(name, bound);
            register(name, bound);
        }
        bound.users.add(readings);
    }

    private boolean isBoundBySomebodyElse(String name) {
        return !registry.find(STATE).tag("name", name).meters().isEmpty();
    }

    synchronized void remove(SubscriptionReadings readings) {
        String name = readings.breakerName();
        Bound bound = byName.get(name);
        if (bound != null && bound.users.remove(readings) && bound.users.isEmpty()) {
            byName.remove(name);
            bound.meters.forEach(registry::remove);
        }
    }

    private void register(String name, Bound bound) {
        for (String state : STATES) {
            bound.meters.add(Gauge.builder(STATE, bound, one -> isIn(one, state) ? 1 : 0)
                    .description("The states of the circuit breaker")
                    .tags("name", name, "state", state.toLowerCase(Locale.ROOT))
                    .register(registry));
        }
        bound.meters.add(Gauge.builder("resilience4j.circuitbreaker.failure.rate", bound, this::failureRate)
                .description("The failure rate of the circuit breaker")
                .tags("name", name)
                .register(registry));
        bound.meters.add(Gauge.builder("resilience4j.circuitbreaker.not.permitted.calls", bound, this::notPermitted)
                .description("Calls that the circuit breaker did not permit")
                .tags("name", name, "kind", "not_permitted")
                .register(registry));
    }

    private synchronized List<SubscriptionReadings> usersOf(Bound bound) {
        return List.copyOf(bound.users);
    }

    /** Not made yet by anybody: it would be closed. */
    private boolean isIn(Bound bound, String state) {
        String now = usersOf(bound).stream()
                .map(SubscriptionReadings::breakerState)
                .filter(one -> !one.equals("NONE"))
                .findFirst()
                .orElse("CLOSED");
        return now.equals(state);
    }

    private double failureRate(Bound bound) {
        return usersOf(bound).stream()
                .mapToDouble(SubscriptionReadings::breakerFailureRate)
                .max()
                .orElse(-1);
    }

    private double notPermitted(Bound bound) {
        return usersOf(bound).stream()
                .mapToLong(one -> one.read(Figure.BREAKER_NOT_PERMITTED))
                .max()
                .orElse(0);
    }
}
