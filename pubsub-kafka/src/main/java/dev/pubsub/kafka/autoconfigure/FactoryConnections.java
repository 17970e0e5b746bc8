package dev.pubsub.kafka.autoconfigure;

import dev.pubsub.kafka.KafkaConnections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Clients as Boot's factories are configured: addresses, security and SSL bundles from {@code spring.kafka}, and what
 * the application has customized. Only the bytes are ours.
 */
final class FactoryConnections implements KafkaConnections {

    private final ConsumerFactory<?, ?> consumers;
    private final ProducerFactory<?, ?> producers;
    private final KafkaAdmin admin;

    FactoryConnections(ConsumerFactory<?, ?> consumers, ProducerFactory<?, ?> producers, KafkaAdmin admin) {
        this.consumers = consumers;
        this.producers = producers;
        this.admin = admin;
    }

    @Override
    public Producer<byte[], byte[]> producer(Map<String, Object> required) {
        Map<String, Object> settings = new HashMap<>(producerSettings());
        settings.remove(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG);
        settings.remove(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);
        settings.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG); // an idempotent one, which all publishers share
        settings.putAll(required);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> required) {
        Map<String, Object> settings = new HashMap<>(consumerSettings());
        settings.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        settings.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        settings.putAll(required);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Admin admin() {
        return Admin.create(new HashMap<>(admin.getConfigurationProperties()));
    }

    @Override
    public Map<String, Object> consumerSettings() {
        return consumers.getConfigurationProperties();
    }

    @Override
    public Map<String, Object> producerSettings() {
        return producers.getConfigurationProperties();
    }
}
