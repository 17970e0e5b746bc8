package dev.pubsub.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.pubsub.spi.Transport;
import dev.pubsub.tck.TransportContract;
import dev.pubsub.tck.TransportFixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Kafka keeps the contract of transports, on a real broker. Its themes run at once: they share nothing but the broker,
 * and most of their time is the broker's own (a group takes a second to form).
 */
@Execution(ExecutionMode.CONCURRENT)
class KafkaContractTest extends TransportContract {

    @RegisterExtension
    static final Broker broker = new Broker();

    @Override
    protected TransportFixture fixture() {
        return new Fixture();
    }

    private static final class Fixture implements TransportFixture {

        private String addresses = broker.addresses();
        private @Nullable BrokerProcess own;

        private KafkaConnections connections() {
            return dev.pubsub.kafka.Broker.connections(addresses, Map.of());
        }

        @Override
        public Transport open() {
            return dev.pubsub.kafka.Broker.transport(addresses);
        }

        /** From now on this fixture's broker is one of its own, since the others' must not be stopped. */
        @Override
        public Optional<TransportFixture.Broker> broker() {
            try {
                BrokerProcess process = own == null ? new BrokerProcess() : own;
                if (own == null) {
                    own = process;
                    process.start();
                    addresses = process.address();
                }
                return Optional.of(new TransportFixture.Broker() {
                    @Override
                    public void stop() {
                        process.kill();
                    }

                    @Override
                    public void start() throws Exception {
                        process.start();
                    }
                });
            } catch (Exception failed) {
                throw new AssertionError("There is no broker that can be stopped", failed);
            }
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(40);
        }

        @Override
        public void createTopic(String topic) throws Exception {
            try (Admin admin = connections().admin()) {
                admin.createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                        .all()
                        .get(20, SECONDS);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) { // a subscription was faster
                    throw failed;
                }
            }
        }

        @Override
        public Optional<ForeignPublisher> foreignPublisher() {
            return Optional.of((topic, key, payload) -> {
                byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
                try (Producer<byte[], byte[]> producer = connections().producer(Map.of("acks", "all"))) {
                    producer.send(new ProducerRecord<>(topic, bytes, payload)).get(20, SECONDS);
                }
            });
        }

        @Override
        public void close() throws IOException {
            // a shared broker stays: topics and groups are new in each test
            if (own != null) {
                own.close();
            }
        }
    }
}
