package dev.pubsub.kafka;

import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.OutcomeUnknownException;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.SafeText;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by one idempotent producer, which all publishers share; answered when all in-sync replicas have the record. The
 * producer blocks its caller where it does not know a topic yet, so the first messages of a topic take another way: a
 * {@link TopicGate} keeps them in order until the topic is known.
 */
final class KafkaSender implements RemoteSender, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KafkaSender.class);
    private static final int MAX_BLOCK_MILLIS = 1_000;
    private static final long LEADERS_SECONDS = 10;
    private static final int MANY_TOPICS = 10_000;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaConnections connections;
    private final @Nullable String cloudEventsSource;
    private final ExecutorService openers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "pubsub-kafka-topics");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, TopicGate> gates = new ConcurrentHashMap<>();
    private volatile @Nullable Producer<byte[], byte[]> producer; // made at the first message, under this object
    private boolean closed;

    /** {@code cloudEventsSource} is null where records are to have no attributes of CloudEvents. */
    KafkaSender(KafkaConnections connections, @Nullable String cloudEventsSource) {
        this.connections = connections;
        this.cloudEventsSource = cloudEventsSource;
    }

    @Override
    public CompletionStage<@Nullable Void> send(Message<EncodedPayload> message) {
        ProducerRecord<byte[], byte[]> record = WireFormat.toRecord(message);
        if (cloudEventsSource != null) {
            CloudEvents.add(record.headers(), message, cloudEventsSource);
        }
        return send(record);
    }

    CompletableFuture<@Nullable Void> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
        try {
            Producer<byte[], byte[]> present = producer();
            TopicGate gate = gates.get(record.topic());
            if (gate == null) {
                if (gates.size() >= MANY_TOPICS) {
                    gates.values().removeIf(TopicGate::isOpen); // they are opened again in a moment
                }
                gate = gates.computeIfAbsent(
                        record.topic(), topic -> new TopicGate(topic, present, openers, this::awaitLeaders));
            }
            gate.send(record, answer);
        } catch (RuntimeException failure) {
            answer.completeExceptionally(failure);
        }
        return answer;
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> present = producer;
        return present != null ? present : connect();
    }

    private synchronized Producer<byte[], byte[]> connect() {
        if (closed) {
            throw new IllegalStateException("The transport is closed");
        }
        Producer<byte[], byte[]> present = producer;
        if (present == null) {
            present = connections.producer(required());
            producer = present;
        }
        return present;
    }

    /**
     * Asks the leader of every partition for something. A broker may take a moment to lead partitions that it has just
     * made, and an idempotent producer whose first batch it refuses then, and whose second one it takes, loses the
     * order and, for as long as the delivery timeout, the first one (seen with Kafka 4.2.1 and topics made on demand).
     */
    private void awaitLeaders(List<PartitionInfo> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(one -> latest.put(new TopicPartition(one.topic(), one.partition()), OffsetSpec.latest()));
        try (Admin admin = connections.admin()) {
            admin.listOffsets(latest).all().get(LEADERS_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException unanswered) {
            log.debug("The leaders of {} did not answer: {}", latest.keySet(), SafeText.of(unanswered));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Object> required() {
        Map<String, Object> required = new HashMap<>();
        required.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        required.put(ProducerConfig.ACKS_CONFIG, "all");
        if (!connections.producerSettings().containsKey(ProducerConfig.MAX_BLOCK_MS_CONFIG)) {
            required.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS); // for a publisher of no patience
        }
        return required;
    }

    /** Hands a record of a known topic to the producer. */
    static void sendNow(
            Producer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            CompletableFuture<@Nullable Void> answer) {
        try {
            var unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    answer.complete(null);
                } else {
                    answer.completeExceptionally(meaningOf(failure));
                }
            });
        } catch (RuntimeException failure) { // before it was sent
            answer.completeExceptionally(failure);
        }
    }

    /** Some failures say that a record was not taken; of the others nobody knows. */
    private static Throwable meaningOf(Exception failure) {
        boolean certain = failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidTopicException
                || failure instanceof UnknownTopicOrPartitionException
                || failure instanceof AuthorizationException
                || failure instanceof SerializationException
                || !(failure instanceof ApiException);
        return certain
                ? failure
                : new OutcomeUnknownException(failure.getClass().getName(), failure);
    }

    @Override
    public void close() {
        Producer<byte[], byte[]> present;
        synchronized (this) {
            closed = true;
            present = producer;
        }
        openers.shutdown();
        if (present != null) {
            present.close(CLOSE);
        }
    }
}
