package dev.pubsub.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/** Names and keys of the observations of publishes; see {@link DefaultPublishObservationConvention}. */
public interface PublishObservationConvention extends ObservationConvention<PublishObservationContext> {

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof PublishObservationContext;
    }
}
