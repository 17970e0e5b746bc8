package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.dispatch.Targets;
import dev.pubsub.spi.EngineMetrics.PublishMetrics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subscriptions whose patterns match a valid topic, as of one version of the registry. Immutable. */
final class Route {

    private final Intake[] intakes;
    private final @Nullable Targets unconditional;
    private final PublishMetrics metrics;
    private final String template;
    private final long version;
    private final @Nullable Object traceContext;

    Route(List<Intake> intakes, PublishMetrics metrics, String template, long version) {
        this.intakes = intakes.toArray(new Intake[0]);
        this.unconditional = intakes.stream().anyMatch(Intake::hasCondition) ? null : new Targets(this.intakes);
        this.metrics = metrics;
        this.template = template;
        this.version = version;
        this.traceContext = null;
    }

    private Route(Route untraced, Object traceContext) {
        this.intakes = untraced.intakes;
        this.unconditional = untraced.unconditional == null ? null : untraced.unconditional.traced(traceContext);
        this.metrics = untraced.metrics;
        this.template = untraced.template;
        this.version = untraced.version;
        this.traceContext = traceContext;
    }

    /** The same, for one message whose copies are to keep this for the tracer that follows it. */
    Route traced(Object context) {
        return new Route(this, context);
    }

    /** The topic where a subscription names it, else one word for all others. */
    String template() {
        return template;
    }

    long version() {
        return version;
    }

    PublishMetrics metrics() {
        return metrics;
    }

    /** Whether no subscription's pattern matches. */
    boolean isEmpty() {
        return intakes.length == 0;
    }

    Intake[] intakes() {
        return intakes;
    }

    /** Those that the message is to be offered to; asks each condition once. */
    Targets targets(Message<?> message) {
        return unconditional != null ? unconditional : select(message);
    }

    /** The ids of those whose condition refused the message that has these targets. */
    List<String> filteredBy(Targets targets) {
        if (targets == unconditional || targets.size() == intakes.length) {
            return List.of();
        }
        List<String> filtered = new ArrayList<>(intakes.length - targets.size());
        int next = 0; // targets are these intakes in their order, without the filtered ones
        for (Intake intake : intakes) {
            if (next < targets.size() && targets.intake(next) == intake) {
                next++;
            } else {
                filtered.add(intake.subscriptionId());
            }
        }
        return List.copyOf(filtered);
    }

    private Targets select(Message<?> message) {
        List<Intake> selected = new ArrayList<>(intakes.length);
        List<@Nullable Throwable> failures = new ArrayList<>(intakes.length);
        for (Intake intake : intakes) {
            try {
                if (intake.test(message)) {
                    selected.add(intake);
                    failures.add(null);
                }
            } catch (Throwable thrown) { // foreign code: its failure is this one copy's fate
                selected.add(intake);
                failures.add(thrown);
            }
        }
        Targets targets = new Targets(selected.toArray(new Intake[0]), failures.toArray(new Throwable[0]));
        return traceContext == null ? targets : targets.traced(traceContext);
    }
}
