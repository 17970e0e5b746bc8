package dev.pubsub.kafka;

import dev.pubsub.kafka.DeadLetterFormat.Entry;
import dev.pubsub.spi.SafeText;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of dead letters: makes them where they are missing, and reads those of the subscriptions that there are
 * here from their beginning, in no group, so that every instance knows all dead letters of its own.
 *
 * <p>Concurrency: {@link #ensure} is called by any thread; the rest is the reader's thread, until it is closed.
 */
final class DeadLetterTopics implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterTopics.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long RESTART_MILLIS = 2_000;
    private static final long ADMIN_SECONDS = 10;

    private final KafkaConnections connections;
    private final Set<String> ensured = ConcurrentHashMap.newKeySet();
    private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread reader; // these two guarded by this object
    private org.apache.kafka.clients.consumer.@Nullable Consumer<byte[], byte[]> consumer;

    DeadLetterTopics(KafkaConnections connections) {
        this.connections = connections;
    }

    /** Makes the topic unless it is there, with the broker's defaults; blocks for some seconds at most. */
    void ensure(String topic) {
        if (ensured.contains(topic)) {
            return;
        }
        try (Admin admin = connections.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                    .all()
                    .get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("The topic " + topic + " could not be made", failed.getCause());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before the topic " + topic + " was made", interrupted);
        } catch (java.util.concurrent.TimeoutException late) {
            throw new IllegalStateException("The topic " + topic + " could not be made in time", late);
        }
        ensured.add(topic);
    }

    /** Hands on what the topics of this subscription say from now, and have said; to the first taker that was given. */
    synchronized void read(String subscriptionId, Consumer<Entry> entries) {
        subscriptions.add(subscriptionId);
        if (reader == null && closed.getCount() > 0) {
            reader = new Thread(() -> run(entries), "pubsub-kafka-dead-letters");
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void run(Consumer<Entry> entries) {
        while (closed.getCount() > 0) {
            try (var reading = connections.consumer(settings())) {
                synchronized (this) {
                    consumer = reading;
                }
                readAll(reading, entries);
            } catch (WakeupException end) {
                return;
            } catch (RuntimeException failure) {
                log.warn("Dead letters could not be read, tried again in a moment: {}", SafeText.of(failure));
                if (!pause()) {
                    return;
                }
            } finally {
                synchronized (this) {
                    consumer = null;
                }
            }
        }
    }

    private boolean pause() {
        try {
            return !closed.await(RESTART_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void readAll(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reading, Consumer<Entry> entries) {
        long looked = 0;
        boolean first = true;
        Set<TopicPartition> assigned = new HashSet<>();
        while (closed.getCount() > 0) {
            long now = System.nanoTime();
            if (first || now - looked >= LOOK_NANOS) {
                first = false;
                looked = now;
                assignNew(reading, assigned);
            }
            if (assigned.isEmpty()) {
                if (!pause()) {
                    return;
                }
                continue;
            }
            reading.poll(POLL)
                    .forEach(record ->
                            DeadLetterFormat.read(record).filter(this::isOfOurs).ifPresent(entries));
        }
    }

    private boolean isOfOurs(String topic) {
        return topic.endsWith(DeadLetterFormat.SUFFIX)
                && subscriptions.stream().anyMatch(id -> topic.endsWith("." + id + DeadLetterFormat.SUFFIX));
    }

    /** A topic that ends in one's name may be another's, whose name is longer. */
    private boolean isOfOurs(Entry entry) {
        return !(entry instanceof Entry.Added added)
                || subscriptions.contains(added.letter().subscriptionId());
    }

    private void assignNew(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> reading, Set<TopicPartition> assigned) {
        Set<TopicPartition> found = new HashSet<>();
        for (Map.Entry<String, List<PartitionInfo>> topic : reading.listTopics().entrySet()) {
            if (isOfOurs(topic.getKey())) {
                topic.getValue().forEach(info -> found.add(new TopicPartition(info.topic(), info.partition())));
            }
        }
        if (!found.equals(assigned)) {
            assigned.clear();
            assigned.addAll(found);
            reading.assign(found); // those that it had keep their positions
        }
    }

    private static Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "pubsub-dead-letters");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed.countDown();
            ending = reader;
            if (consumer != null) {
                consumer.wakeup();
            }
        }
        if (ending != null) {
            try {
                ending.join(TimeUnit.SECONDS.toMillis(ADMIN_SECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
