package dev.pubsub.kafka.autoconfigure;

import dev.pubsub.kafka.KafkaSettings;
import dev.pubsub.kafka.KafkaTransport;
import dev.pubsub.spring.autoconfigure.PubSubAutoConfiguration;
import dev.pubsub.spring.settings.PubSubProperties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** The transport on Kafka, where {@code pubsub.transport} is {@code kafka}. */
@AutoConfiguration(after = KafkaAutoConfiguration.class, before = PubSubAutoConfiguration.class)
@ConditionalOnProperty(name = "pubsub.transport", havingValue = "kafka")
@EnableConfigurationProperties(PubSubKafkaProperties.class)
public final class PubSubKafkaAutoConfiguration {

    PubSubKafkaAutoConfiguration() {}

    /** Closed with the engine. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    KafkaTransport pubSubKafkaTransport(
            PubSubKafkaProperties properties,
            PubSubProperties engine,
            ConsumerFactory<?, ?> consumers,
            ProducerFactory<?, ?> producers,
            KafkaAdmin admin) {
        KafkaSettings settings = new KafkaSettings(
                properties.getCommitInterval(),
                properties.getRevocationTimeout(),
                properties.getMaxAhead(),
                engine.getDeadLetterStore().getCapacity(),
                engine.getDeadLetterStore().getRetention(),
                properties.getCloudEventsSource());
        return new KafkaTransport(new FactoryConnections(consumers, producers, admin), settings);
    }
}
