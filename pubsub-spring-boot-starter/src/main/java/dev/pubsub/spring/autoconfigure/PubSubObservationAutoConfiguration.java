package dev.pubsub.spring.autoconfigure;

import dev.pubsub.observe.ContextCarrier;
import dev.pubsub.observe.MeterlessObservationHandler;
import dev.pubsub.observe.MicrometerTracer;
import dev.pubsub.observe.ProcessObservationConvention;
import dev.pubsub.observe.PublishObservationConvention;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.tracing.CurrentSpanCleaner;
import dev.pubsub.spring.tracing.ReplayTracingObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Observations of publishes and attempts, where something beside meters is made of observations. */
@AutoConfiguration(
        before = PubSubAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration"
        })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@ConditionalOnSingleCandidate(ObservationRegistry.class)
@Conditional(OnObservationsWanted.class)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubObservationAutoConfiguration {

    PubSubObservationAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(MessageTracer.class)
    MicrometerTracer pubSubMessageTracer(
            ObservationRegistry registry,
            ObjectProvider<ContextCarrier> carrier,
            ObjectProvider<PublishObservationConvention> publishConvention,
            ObjectProvider<ProcessObservationConvention> processConvention) {
        return MicrometerTracer.of(registry, carrier.getIfAvailable(ContextCarrier::none))
                .withConventions(publishConvention.getIfAvailable(), processConvention.getIfAvailable());
    }

    /** First of the handlers that make meters: of these observations none does, since the engine has its own. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @ConditionalOnMissingBean
    MeterlessObservationHandler pubSubMeterlessObservationHandler() {
        return new MeterlessObservationHandler();
    }

    /** Where observations become spans. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({Tracer.class, TracingObservationHandler.class})
    @ConditionalOnBean(Tracer.class)
    static class TracingConfiguration {

        /** Before the handler of all that is received. */
        @Bean
        @Order(0)
        @ConditionalOnMissingBean
        ReplayTracingObservationHandler pubSubReplayTracingObservationHandler(Tracer tracer) {
            return new ReplayTracingObservationHandler(tracer);
        }

        @Bean
        @ConditionalOnMissingBean
        CurrentSpanCleaner pubSubCurrentSpanCleaner(Tracer tracer) {
            return new CurrentSpanCleaner(tracer);
        }
    }
}
