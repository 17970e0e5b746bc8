package dev.pubsub.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spring.conversion.JacksonDecoder;
import dev.pubsub.spring.conversion.PayloadTypeNames;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.convert.ApplicationConversionService;
import tools.jackson.databind.json.JsonMapper;

/** Failures that other systems had on Kafka; the numbers are those of docs/faults.md. */
class KafkaFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final Broker broker = new Broker();

    private static boolean gadgetInitialised;

    private final String topic = "faults." + UUID.randomUUID();
    private final String id = "s-" + UUID.randomUUID();
    private final String group = "g-" + topic;
    private final List<Object> handled = new CopyOnWriteArrayList<>();
    private PubSub engine;

    /** What two kinds of event have in common. */
    public sealed interface Event permits Order, Refund {}

    public record Order(String number) implements Event {}

    public record Refund(String number) implements Event {}

    /** Does its harm when it is initialised. */
    @SuppressWarnings("unused")
    public static final class Gadget implements Serializable {

        private static final long serialVersionUID = 1L;

        static {
            gadgetInitialised = true;
        }
    }

    @AfterEach
    void close() {
        assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
        engine.close();
    }

    private void open(Map<String, Object> consumerSettings) {
        engine = PubSubEngine.builder()
                .transport(new KafkaTransport(broker.connections(consumerSettings), KafkaSettings.DEFAULTS))
                .payloadCodec(JacksonDecoder.codec(
                        JsonMapper.builder().build(),
                        ApplicationConversionService.getSharedInstance(),
                        PayloadTypeNames.of(Map.of("order", Order.class, "refund", Refund.class))))
                .shutdownTimeout(Duration.ofSeconds(2))
                .publishTimeout(Duration.ofSeconds(20))
                .build();
        engine.start();
    }

    private <T> void subscribe(Class<T> type) {
        engine.subscribe(
                SubscriptionSpec.builder(id, topic)
                        .payloadType(type)
                        .group(group)
                        .build(),
                (message, delivery) -> handled.add(message.payload()));
    }

    /** As another program does it: all to one partition, so that there is an order. */
    private void send(byte[] value, String... headers) throws Exception {
        try (Producer<byte[], byte[]> producer = broker.connections(Map.of()).producer(Map.of("acks", "all"))) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, null, value);
            for (int i = 0; i < headers.length; i += 2) {
                record.headers().add(new RecordHeader(headers[i], headers[i + 1].getBytes(UTF_8)));
            }
            producer.send(record).get(20, SECONDS);
        }
    }

    private void awaitCommitted(long offset) {
        try (Admin admin = broker.connections(Map.of()).admin()) {
            TopicPartition first = new TopicPartition(topic, 0);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get(20, SECONDS))
                    .hasEntrySatisfying(
                            first, committed -> assertThat(committed.offset()).isEqualTo(offset)));
        }
    }

    @Test
    void fault19AnUndecodableRecordBecomesADeadLetterWithItsBytesAndTheNextIsHandled() throws Exception {
        open(Map.of());
        subscribe(Order.class);
        byte[] poison = {(byte) 0xFF, 0, '{'};

        send(poison);
        send("{\"number\":\"A\"}".getBytes(UTF_8));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled).containsExactly(new Order("A")));
        awaitCommitted(2);
        DeadLetter letter = engine.deadLetters()
                .find(DeadLetterQuery.builder().subscription(id).build())
                .get(0);
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDELIVERABLE);
        assertThat(((EncodedPayload) letter.message().payload()).bytes()).isEqualTo(poison);
        assertThat(only(topic + "." + id + ".dlt").value()).isEqualTo(poison);
    }

    @Test
    void fault36AHandlerSlowerThanTheLongestPollIntervalCausesNoRebalanceAndNoDuplicate() throws Exception {
        int longestInterval = 1_000;
        open(Map.of("max.poll.interval.ms", longestInterval, "max.poll.records", 1));
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder(id, topic)
                        .payloadType(String.class)
                        .group(group)
                        .queueCapacity(1)
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                (message, delivery) -> {
                    begun.countDown();
                    mayEnd.await();
                    handled.add(message.payload());
                });
        for (int i = 0; i < 5; i++) {
            send(Integer.toString(i).getBytes(UTF_8));
        }
        begun.await();

        try (Admin admin = broker.connections(Map.of()).admin()) {
            List<String> members = members(admin);
            assertThat(members).hasSize(1);
            await().during(Duration.ofMillis(3L * longestInterval)) // it is time itself that this is about
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(members(admin)).isEqualTo(members));
        }
        mayEnd.countDown();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled).contains("4"));
        awaitCommitted(5);
        assertThat(handled).containsExactly("0", "1", "2", "3", "4");
    }

    private List<String> members(Admin admin) throws Exception {
        return admin
                .describeConsumerGroups(List.of(group))
                .describedGroups()
                .get(group)
                .get(20, SECONDS)
                .members()
                .stream()
                .map(member -> member.consumerId())
                .toList();
    }

    @Test
    void fault38AClassThatAHeaderNamesIsNeverLoaded() throws Exception {
        open(Map.of());
        subscribe(Event.class);
        String gadget = Gadget.class.getName();
        byte[] json = "{\"number\":\"A\"}".getBytes(UTF_8);

        send(json, "pubsub-type", gadget, "__TypeId__", gadget, "type", gadget, "content-type", "application/json");
        send(json, "pubsub-type", "refund", "__TypeId__", gadget, "content-type", "application/json");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled).containsExactly(new Refund("A")));
        awaitCommitted(2);
        assertThat(engine.deadLetters()
                        .find(DeadLetterQuery.builder().subscription(id).build()))
                .extracting(DeadLetter::reason)
                .containsExactly(DeadLetter.Reason.UNDELIVERABLE);
        assertThat(gadgetInitialised).isFalse();
    }

    @Test
    void aHandlerOfASupertypeGetsWhatWasPublished() {
        open(Map.of());
        subscribe(Event.class);

        engine.publish(topic, "k", new Order("A"));
        engine.publish(topic, "k", new Refund("B"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(handled).containsExactly(new Order("A"), new Refund("B")));
    }

    private ConsumerRecord<byte[], byte[]> only(String from) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> plain = broker.connections(Map.of())
                .consumer(Map.of("group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest"))) {
            plain.subscribe(List.of(from));
            await().atMost(PATIENCE).pollInSameThread().until(() -> {
                plain.poll(Duration.ofMillis(100)).forEach(records::add);
                return !records.isEmpty();
            });
        }
        assertThat(records).hasSize(1);
        return records.get(0);
    }
}
