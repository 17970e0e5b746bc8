package dev.pubsub.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * One real broker for all tests of the module, started by the first that needs it: {@code @RegisterExtension static}.
 */
final class Broker implements BeforeAllCallback {

    private static final int PARTITIONS = 4;

    /** Ends with the JVM. */
    private static final class Shared {
        private static final EmbeddedKafkaBroker BROKER = start();

        private static EmbeddedKafkaBroker start() {
            EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 1)
                    .brokerProperties(Map.of(
                            "group.initial.rebalance.delay.ms", "0",
                            "num.partitions", Integer.toString(PARTITIONS),
                            "offsets.topic.num.partitions", "4"));
            broker.afterPropertiesSet();
            Runtime.getRuntime().addShutdownHook(new Thread(broker::destroy));
            return broker;
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        addresses();
    }

    String addresses() {
        return Shared.BROKER.getBrokersAsString();
    }

    KafkaConnections connections(Map<String, Object> more) {
        return connections(addresses(), more);
    }

    static KafkaConnections connections(String addresses, Map<String, Object> more) {
        return new Plain(addresses, more);
    }

    /** With little patience: for handlers of what is revoked, and for topics that a pattern does not know yet. */
    KafkaTransport transport() {
        return transport(addresses());
    }

    static KafkaTransport transport(String addresses) {
        KafkaSettings defaults = KafkaSettings.DEFAULTS;
        return new KafkaTransport(
                connections(addresses, Map.of("session.timeout.ms", 6_000, "metadata.max.age.ms", 500)),
                new KafkaSettings(
                        defaults.commitInterval(),
                        Duration.ofSeconds(1),
                        defaults.maxAhead(),
                        defaults.deadLettersKept(),
                        defaults.deadLettersKeptFor(),
                        null));
    }

    /** Clients with few settings. */
    private record Plain(String addresses, Map<String, Object> more) implements KafkaConnections {

        private Map<String, Object> settings(Map<String, Object> required) {
            Map<String, Object> settings = new HashMap<>();
            settings.put("bootstrap.servers", addresses);
            settings.putAll(required);
            return settings;
        }

        @Override
        public Producer<byte[], byte[]> producer(Map<String, Object> required) {
            return new KafkaProducer<>(settings(required), new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Consumer<byte[], byte[]> consumer(Map<String, Object> required) {
            Map<String, Object> settings = settings(required);
            settings.putAll(more);
            return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public Admin admin() {
            return Admin.create(settings(Map.of()));
        }

        @Override
        public Map<String, Object> consumerSettings() {
            return more;
        }

        @Override
        public Map<String, Object> producerSettings() {
            return Map.of();
        }
    }
}
