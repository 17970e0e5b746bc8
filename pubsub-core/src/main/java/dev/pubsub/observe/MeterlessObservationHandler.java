package dev.pubsub.observe;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.Observation;

/**
 * Takes the engine's observations from the handlers that would make meters of them, and does nothing with them: the
 * engine has meters of its own, and every sum would double. To stand before those handlers in a
 * {@link io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler}, as which Spring Boot
 * registers all handlers of this type.
 */
public final class MeterlessObservationHandler implements MeterObservationHandler<Observation.Context> {

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof PublishObservationContext || context instanceof ProcessObservationContext;
    }
}
