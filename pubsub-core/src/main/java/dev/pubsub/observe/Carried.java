package dev.pubsub.observe;

import dev.pubsub.spi.MessageTracer.Scope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What a copy keeps for its attempts, or a replay of many for its steps. Immutable.
 *
 * @param parent the observation of the publish; else what was current when it was made, if anything
 * @param published whether the parent is the observation of the publish, whose headers the message has
 * @param threads what the thread held
 * @param deadLetterId of the dead letter that is replayed; null for none
 */
record Carried(
        ObservationRegistry registry,
        @Nullable Observation parent,
        boolean published,
        ContextCarrier.Captured threads,
        @Nullable String deadLetterId) {

    private static final Scope NO_SCOPE = () -> {};

    /** Of a thread that held nothing. */
    static final ContextCarrier.Captured NOTHING = () -> NO_SCOPE;

    /**
     * Restores what the thread held. The parent is made current only where no header leads to it: what begins on the
     * calling thread is to find it.
     */
    Scope restore() {
        Scope held = Foreign.call(threads::restore, NO_SCOPE);
        Observation current = published ? null : parent;
        Scope observed = current == null ? NO_SCOPE : open(registry, current);
        return () -> {
            Foreign.run(observed::close);
            Foreign.run(held::close);
        };
    }

    /**
     * A scope that, when it is closed, closes what was opened within it and left open, too. Whatever handlers throw
     * meanwhile, what was current before is so again.
     */
    static Scope open(ObservationRegistry registry, Observation observation) {
        Observation.Scope before = registry.getCurrentObservationScope();
        Observation.Scope scope = Foreign.call(observation::openScope, Observation.Scope.NOOP);
        return () -> {
            Foreign.run(() -> closeWithin(registry, scope));
            Foreign.run(scope::close);
            if (registry.getCurrentObservationScope() != before) {
                registry.setCurrentObservationScope(before);
            }
        };
    }

    private static void closeWithin(ObservationRegistry registry, Observation.Scope scope) {
        Observation.Scope left = registry.getCurrentObservationScope();
        while (left != null && left != scope && isWithin(left, scope)) {
            left.close();
            left = registry.getCurrentObservationScope();
        }
    }

    private static boolean isWithin(Observation.Scope inner, Observation.Scope outer) {
        Observation.Scope scope = inner.getPreviousObservationScope();
        while (scope != null && scope != outer) {
            scope = scope.getPreviousObservationScope();
        }
        return scope == outer;
    }
}
