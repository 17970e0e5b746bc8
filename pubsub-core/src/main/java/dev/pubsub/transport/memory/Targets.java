package dev.pubsub.transport.memory;

import dev.pubsub.dispatch.Intake;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that one message is offered to, after their conditions were asked. Immutable, and the same object
 * for every message of a topic where no condition is involved.
 */
public final class Targets {

    private final Intake[] intakes;
    private final @Nullable Throwable @Nullable [] conditionFailures;
    private final @Nullable Object traceContext;

    /** These, all of which match; not copied. */
    public Targets(Intake[] intakes) {
        this(intakes, null);
    }

    /** These; a condition failure at the same index makes that copy undeliverable. Not copied. */
    public Targets(Intake[] intakes, @Nullable Throwable @Nullable [] conditionFailures) {
        this(intakes, conditionFailures, null);
    }

    private Targets(
            Intake[] intakes, @Nullable Throwable @Nullable [] conditionFailures, @Nullable Object traceContext) {
        this.intakes = intakes;
        this.conditionFailures = conditionFailures;
        this.traceContext = traceContext;
    }

    /** The same, for one message whose copies are to keep this for the tracer that follows it. */
    public Targets traced(Object context) {
        return new Targets(intakes, conditionFailures, context);
    }

    /** How many. */
    public int size() {
        return intakes.length;
    }

    /** One of them. */
    public Intake intake(int index) {
        return intakes[index];
    }

    @Nullable
    Object traceContext() {
        return traceContext;
    }

    @Nullable
    Throwable conditionFailure(int index) {
        return conditionFailures == null ? null : conditionFailures[index];
    }
}
