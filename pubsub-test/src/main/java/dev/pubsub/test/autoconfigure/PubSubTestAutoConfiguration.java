package dev.pubsub.test.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.test.PubSubClock;
import dev.pubsub.test.PubSubProbe;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** The probe and the clock of a test, before the engine. */
@AutoConfiguration(
        beforeName = "dev.pubsub.spring.autoconfigure.PubSubAutoConfiguration",
        afterName = "io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration")
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
public final class PubSubTestAutoConfiguration {

    PubSubTestAutoConfiguration() {}

    @Bean
    PubSubProbe pubSubProbe(CircuitBreakerRegistry breakers, Environment environment) {
        return environment.getProperty("pubsub.test.manual-clock", Boolean.class, true)
                ? PubSubProbe.withManualClock(breakers)
                : PubSubProbe.inRealTime(breakers);
    }

    /** Before the application's own source of time and scheduler, where it has some. */
    @Bean
    @Primary
    @ConditionalOnBooleanProperty(name = "pubsub.test.manual-clock", matchIfMissing = true)
    PubSubClock pubSubClock(PubSubProbe probe) {
        return probe.clock();
    }

    @Bean
    MessageListener pubSubProbeListener(PubSubProbe probe) {
        return probe.listener();
    }

    /** Where the application has none: the probe closes circuit breakers after each test, so it must know them. */
    @Bean
    @Fallback
    @ConditionalOnMissingBean
    CircuitBreakerRegistry pubSubTestCircuitBreakers() {
        return CircuitBreakerRegistry.ofDefaults();
    }

    @Bean
    static BeanPostProcessor pubSubProbePostProcessor(ObjectProvider<PubSubProbe> probe) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof PubSub pubSub ? probe.getObject().attach(pubSub) : bean;
            }
        };
    }
}
