package dev.pubsub.sample.broker;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** The broker of Spring Kafka's test kit, where the profile {@code kafka} is active and no broker is configured. */
@Configuration(proxyBeanMethods = false)
@Profile("kafka")
@ConditionalOnExpression("'${spring.kafka.bootstrap-servers:}${spring.kafka.bootstrap-servers[0]:}'.isEmpty()")
class EmbeddedBrokerConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedBrokerConfiguration.class);

    @Bean(destroyMethod = "destroy") // starts when the bean is initialised, before who is given its address
    EmbeddedKafkaBroker embeddedBroker() {
        return new EmbeddedKafkaKraftBroker(1, 4)
                .brokerProperties(Map.of("num.partitions", "4", "group.initial.rebalance.delay.ms", "0"));
    }

    @Bean
    KafkaConnectionDetails embeddedBrokerConnection(EmbeddedKafkaBroker broker) {
        String address = broker.getBrokersAsString();
        log.info(
                "spring.kafka.bootstrap-servers is not set, so this application has started a Kafka broker of its own, at"
                        + " {}. It ends with the application, and its data with it. A second instance that shares the work:"
                        + " --server.port=8081 --quakewatch.feed.enabled=false --spring.kafka.bootstrap-servers={}",
                address,
                address);
        return () -> List.of(address);
    }
}
