package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PublishReceipt;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.EncodedPayload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The engine on a real broker. */
class KafkaTransportTest {

    @RegisterExtension
    static final Broker broker = new Broker();

    private final String topic = "orders." + UUID.randomUUID();
    private final List<PubSub> engines = new ArrayList<>();

    @AfterEach
    void close() {
        for (PubSub engine : engines) {
            assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
            engine.close();
        }
    }

    private PubSub engine() {
        PubSub engine = PubSubEngine.builder()
                .transport(broker.transport())
                .shutdownTimeout(Duration.ofSeconds(2))
                .publishTimeout(Duration.ofSeconds(20))
                .build();
        engine.start();
        engines.add(engine);
        return engine;
    }

    private SubscriptionSpec.Builder<String> texts(String id) {
        return SubscriptionSpec.builder(id, topic)
                .payloadType(String.class)
                .retry(RetryPolicy.builder().waitDuration(Duration.ofMillis(20)).build());
    }

    private static void awaitSize(List<?> list, int size) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(list).hasSize(size));
    }

    @Test
    void whatIsPublishedIsHandledWithKeyHeadersAndTime() {
        PubSub engine = engine();
        List<Message<?>> received = new CopyOnWriteArrayList<>();
        engine.subscribe(texts("s").build(), (m, d) -> received.add(m));
        Message<String> sent =
                Message.builder(topic, "text").key("k").header("region", "eu").build();

        PublishReceipt receipt = engine.publish(sent);

        awaitSize(received, 1);
        Message<?> got = received.get(0);
        assertThat(receipt.subscriptions()).isEqualTo(-1);
        assertThat(got.id()).isEqualTo(sent.id());
        assertThat(got.key()).isEqualTo("k");
        assertThat(got.payload()).isEqualTo("text");
        assertThat(got.headers()).containsEntry("region", "eu");
        assertThat(got.timestamp()).isEqualTo(sent.timestamp());
        assertThat(got.topic()).isEqualTo(topic);
    }

    @Test
    void everySubscriptionIsAGroupOfItsOwnAndInstancesShare() {
        List<String> a = new CopyOnWriteArrayList<>();
        List<String> b = new CopyOnWriteArrayList<>();
        for (int instance = 0; instance < 2; instance++) {
            PubSub engine = engine();
            engine.subscribe(texts("a-" + topic.length()).group("a-" + topic).build(), (m, d) -> a.add(m.payload()));
            engine.subscribe(texts("b-" + topic.length()).group("b-" + topic).build(), (m, d) -> b.add(m.payload()));
        }

        for (int i = 0; i < 100; i++) {
            engines.get(i % 2)
                    .publishAsync(Message.builder(topic, "m" + i).key("k" + i).build());
        }

        awaitSize(a, 100);
        awaitSize(b, 100);
        assertThat(a).doesNotHaveDuplicates();
        assertThat(b).doesNotHaveDuplicates();
    }

    @Test
    void keysKeepTheirOrderWithMoreWorkersThanPartitionsAndARetryHoldsBackItsOwnKeyOnly() {
        PubSub engine = engine();
        Map<String, List<String>> byKey = new ConcurrentHashMap<>();
        AtomicInteger failures = new AtomicInteger();
        engine.subscribe(
                texts("s")
                        .circuitBreaker(BreakerPolicy.disabled())
                        .ordering(Ordering.KEY)
                        .concurrency(16)
                        .build(),
                (m, d) -> {
                    if (d.attempt() == 1 && m.payload().hashCode() % 5 == 0) {
                        failures.incrementAndGet();
                        throw new IllegalStateException("once");
                    }
                    byKey.computeIfAbsent(String.valueOf(m.key()), key -> new CopyOnWriteArrayList<>())
                            .add(m.payload());
                });
        int keys = 40;
        int each = 20;

        List<Message<?>> batch = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            for (int key = 0; key < keys; key++) {
                batch.add(Message.builder(topic, String.format("%03d", i))
                        .key("k" + key)
                        .build());
            }
        }
        assertThat(engine.publishAll(batch).rejected()).isZero();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> byKey.values().stream().mapToInt(List::size).sum() == keys * each);
        assertThat(failures).hasPositiveValue();
        assertThat(byKey.values()).allSatisfy(payloads -> assertThat(payloads).isSorted());
    }

    @Test
    void afterARestartItGoesOnWhereItWas() {
        List<String> received = new CopyOnWriteArrayList<>();
        PubSub first = engine();
        String group = "g-" + topic;
        first.subscribe(texts("s").group(group).build(), (m, d) -> received.add(m.payload()));
        first.publish(topic, "1");
        awaitSize(received, 1);
        first.close();

        PubSub second = engine();
        second.publish(topic, "2");
        second.subscribe(texts("s").group(group).build(), (m, d) -> received.add(m.payload()));

        awaitSize(received, 2);
        assertThat(received).containsExactly("1", "2");
    }

    @Test
    void whatWasNotSettledIsDeliveredAgain() {
        PubSub first = engine();
        String group = "g-" + topic;
        AtomicInteger begun = new AtomicInteger();
        first.subscribe(texts("s").group(group).build(), (m, d) -> {
            begun.incrementAndGet();
            throw new dev.pubsub.RetryLaterException(Duration.ofHours(1));
        });
        first.publish(topic, "1");
        await().atMost(Duration.ofSeconds(30)).until(() -> begun.get() == 1);
        first.close();

        List<String> received = new CopyOnWriteArrayList<>();
        engine().subscribe(texts("s").group(group).build(), (m, d) -> received.add(m.payload()));

        awaitSize(received, 1);
    }

    @Test
    void aDeadLetterGoesToItsTopicAndEveryInstanceSeesIt() {
        PubSub engine = engine();
        AtomicInteger failing = new AtomicInteger(1);
        List<String> received = new CopyOnWriteArrayList<>();
        engine.subscribe(texts("billing").retry(RetryPolicy.disabled()).build(), (m, d) -> {
            if (failing.get() > 0) {
                throw new IllegalStateException("gateway is down");
            }
            received.add(m.payload());
        });
        engine.publish(
                Message.builder(topic, "x").key("k").header("region", "eu").build());
        await().atMost(Duration.ofSeconds(30)).until(() -> engine.deadLetters().size() == 1);

        ConsumerRecord<byte[], byte[]> record = only(topic + ".billing.dlt");
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo("x");
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("k");
        assertThat(header(record, "region")).isEqualTo("eu");
        assertThat(header(record, "pubsub-dead-letter-topic")).isEqualTo(topic);
        assertThat(header(record, "pubsub-dead-letter-subscription")).isEqualTo("billing");
        assertThat(header(record, "pubsub-dead-letter-reason")).isEqualTo("FAILURE");
        assertThat(header(record, "pubsub-dead-letter-exception-type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(header(record, "pubsub-dead-letter-origin")).matches(topic + "-\\d@0");

        PubSub other = engine();
        other.subscribe(texts("billing").build(), (m, d) -> {});
        await().atMost(Duration.ofSeconds(30))
                .until(() -> other.deadLetters()
                                .count(DeadLetterQuery.builder()
                                        .subscription("billing")
                                        .build())
                        > 0);
        DeadLetter letter = other.deadLetters()
                .find(DeadLetterQuery.builder().subscription("billing").build())
                .get(0);
        assertThat(((EncodedPayload) letter.message().payload()).text()).isEqualTo("x");
        assertThat(letter.exceptionMessage()).contains("gateway is down");

        failing.set(0);
        assertThat(engine.deadLetters().replay(letter.id())).isTrue();
        awaitSize(received, 1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> other.deadLetters().get(letter.id()).isEmpty());
    }

    @Test
    void aRecordOfAPlainClientIsAMessageAndOursIsARecordToOne() {
        PubSub engine = engine();
        List<Message<?>> received = new CopyOnWriteArrayList<>();
        engine.subscribe(texts("s").build(), (m, d) -> received.add(m));

        try (Producer<byte[], byte[]> plain = broker.connections(Map.of()).producer(Map.of())) {
            plain.send(new ProducerRecord<>(
                    topic, "k".getBytes(StandardCharsets.UTF_8), "plain".getBytes(StandardCharsets.UTF_8)));
        }
        awaitSize(received, 1);
        assertThat(received.get(0).payload()).isEqualTo("plain");
        assertThat(received.get(0).key()).isEqualTo("k");
        assertThat(received.get(0).id()).startsWith(topic + "-");

        engine.publish(Message.of(topic + ".out", "ours"));
        assertThat(new String(only(topic + ".out").value(), StandardCharsets.UTF_8))
                .isEqualTo("ours");
    }

    private ConsumerRecord<byte[], byte[]> only(String from) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> plain = broker.connections(Map.of())
                .consumer(Map.of("group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest"))) {
            plain.subscribe(List.of(from));
            await().atMost(Duration.ofSeconds(30)).pollInSameThread().until(() -> {
                plain.poll(Duration.ofMillis(100)).forEach(records::add);
                return !records.isEmpty();
            });
        }
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
