package dev.pubsub.spring.autoconfigure;

import io.micrometer.core.instrument.observation.MeterObservationHandler;
import io.micrometer.observation.ObservationHandler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether to observe: as {@code pubsub.observation.enabled} says; where it is not set, if a handler of observations is
 * there that is more than one of meters. With Actuator alone there is none, and to observe would cost each message a
 * microsecond for nothing.
 */
final class OnObservationsWanted extends SpringBootCondition implements ConfigurationCondition {

    private static final String PROPERTY = "pubsub.observation.enabled";

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("Observations of PubSub");
        Boolean enabled = context.getEnvironment().getProperty(PROPERTY, Boolean.class);
        if (enabled != null) {
            return new ConditionOutcome(enabled, message.because(PROPERTY + " is " + enabled));
        }
        boolean handled = hasHandlerBesideMeters(context.getBeanFactory());
        return new ConditionOutcome(
                handled,
                message.because(
                        handled
                                ? "a handler of observations is there"
                                : "no handler of observations is there but of meters, and " + PROPERTY
                                        + " is not set"));
    }

    private static boolean hasHandlerBesideMeters(@Nullable ConfigurableListableBeanFactory beans) {
        return beans != null
                && Arrays.stream(beans.getBeanNamesForType(ObservationHandler.class, true, false))
                        .map(name -> beans.getType(name, false))
                        .anyMatch(type -> type == null || !MeterObservationHandler.class.isAssignableFrom(type));
    }
}
