package dev.pubsub.spring.autoconfigure;

import dev.pubsub.observe.ContextCarrier;
import dev.pubsub.observe.ContextPropagation;
import dev.pubsub.observe.ContextTracer;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spring.settings.PubSubProperties;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.i18n.LocaleContextThreadLocalAccessor;

/** What a publisher's thread holds goes along to the handlers, where the library for it is there; observed or not. */
@AutoConfiguration(before = PubSubAutoConfiguration.class, after = PubSubObservationAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "pubsub.observation.capture-context", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubContextAutoConfiguration {

    PubSubContextAutoConfiguration() {}

    /** Where nothing is observed; a tracer that observes asks the carrier itself. */
    @Bean
    @ConditionalOnBean(ContextCarrier.class)
    @ConditionalOnMissingBean(MessageTracer.class)
    ContextTracer pubSubContextTracer(ContextCarrier carrier) {
        return ContextTracer.of(carrier);
    }

    /** By the library. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ContextSnapshotFactory.class)
    static class CarrierConfiguration {

        @Bean
        @ConditionalOnMissingBean(ContextCarrier.class)
        ContextPropagation pubSubContextCarrier(
                ObjectProvider<ContextSnapshotFactory> factory, ObjectProvider<ThreadLocalAccessor<?>> accessors) {
            ContextSnapshotFactory own = factory.getIfUnique();
            if (own != null) {
                return ContextPropagation.of(own);
            }
            List<ThreadLocalAccessor<?>> more = Stream.<ThreadLocalAccessor<?>>concat(
                            Stream.of(new LocaleContextThreadLocalAccessor()), accessors.orderedStream())
                    .toList();
            return ContextPropagation.with(more);
        }
    }
}
