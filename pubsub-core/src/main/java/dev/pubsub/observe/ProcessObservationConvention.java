package dev.pubsub.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the observations of attempts; see {@link DefaultProcessObservationConvention}. */
public interface ProcessObservationConvention extends ObservationConvention<ProcessObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessObservationContext;
    }
}
