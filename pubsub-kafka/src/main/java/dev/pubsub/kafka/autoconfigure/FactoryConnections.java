package dev.pubsub.kafka.autoconfigure;

import dev.pubsub.kafka.KafkaConnections;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ConsumerPostProcessor;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * Clients as Boot's factories are configured: addresses, security and SSL bundles from {@code spring.kafka}, and what
 * the application has customized. Only the bytes are ours. The factories' listeners, of which Boot adds those that make
 * meters of clients, hear of these clients, too, and their post-processors may wrap them.
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
        Producer<byte[], byte[]> producer = new ListenedProducer(settings, producers.getListeners());
        for (ProducerPostProcessor<?, ?> processor : producers.getPostProcessors()) {
            producer = ofBytes(processor).apply(producer);
        }
        return producer;
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> required) {
        Map<String, Object> settings = new HashMap<>(consumerSettings());
        settings.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
        settings.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
        settings.putAll(required);
        DefaultKafkaConsumerFactory<byte[], byte[]> factory =
                new DefaultKafkaConsumerFactory<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumers.getListeners().forEach(listener -> factory.addListener(ofBytes(listener)));
        consumers.getPostProcessors().forEach(processor -> factory.addPostProcessor(ofBytes(processor)));
        return factory.createConsumer();
    }

    @SuppressWarnings("unchecked") // whoever listens to clients of a factory is told of ours, whatever they carry
    private static ConsumerFactory.Listener<byte[], byte[]> ofBytes(ConsumerFactory.Listener<?, ?> listener) {
        return (ConsumerFactory.Listener<byte[], byte[]>) listener;
    }

    @SuppressWarnings("unchecked") // as above
    private static ConsumerPostProcessor<byte[], byte[]> ofBytes(ConsumerPostProcessor<?, ?> processor) {
        return (ConsumerPostProcessor<byte[], byte[]>) processor;
    }

    @SuppressWarnings("unchecked") // as above
    private static ProducerPostProcessor<byte[], byte[]> ofBytes(ProducerPostProcessor<?, ?> processor) {
        return (ProducerPostProcessor<byte[], byte[]>) processor;
    }

    @SuppressWarnings("unchecked") // as above
    private static ProducerFactory.Listener<byte[], byte[]> ofBytes(ProducerFactory.Listener<?, ?> listener) {
        return (ProducerFactory.Listener<byte[], byte[]>) listener;
    }

    /** As Spring Kafka's own factory does for consumers: its producers are shared, and closed with the factory only. */
    private static final class ListenedProducer extends KafkaProducer<byte[], byte[]> {

        private final String id;
        private final List<ProducerFactory.Listener<byte[], byte[]>> listeners = new ArrayList<>();

        ListenedProducer(Map<String, Object> settings, List<? extends ProducerFactory.Listener<?, ?>> listeners) {
            super(settings, new ByteArraySerializer(), new ByteArraySerializer());
            this.id = "pubsub." + settings.getOrDefault(ProducerConfig.CLIENT_ID_CONFIG, "producer");
            listeners.forEach(listener -> this.listeners.add(ofBytes(listener)));
            this.listeners.forEach(listener -> listener.producerAdded(id, this));
        }

        @Override
        public void close(Duration timeout) {
            super.close(timeout);
            listeners.forEach(listener -> listener.producerRemoved(id, this));
            listeners.clear();
        }
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
