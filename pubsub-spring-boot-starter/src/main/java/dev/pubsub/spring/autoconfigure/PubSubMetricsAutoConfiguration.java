package dev.pubsub.spring.autoconfigure;

import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spring.settings.PubSubProperties;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Meters, where the application has a registry. */
@AutoConfiguration(
        before = PubSubAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubMetricsAutoConfiguration {

    PubSubMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(EngineMetrics.class)
    MicrometerMetrics pubSubMetrics(MeterRegistry registry, PubSubProperties properties) {
        return MicrometerMetrics.of(registry, properties.getMetrics().getDetail() == PubSubProperties.Detail.FULL);
    }
}
