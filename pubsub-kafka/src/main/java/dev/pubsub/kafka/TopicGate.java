package dev.pubsub.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the records of a topic until the producer knows that topic, which it can only be asked by a call that blocks;
 * then lets them through in their order. How many wait is bounded by the publishers' slots.
 *
 * <p>Concurrency: {@code open} goes to true once, under this object, after the last waiting record was handed over
 * under it; whoever sees it true, or holds the object, is behind that record.
 */
final class TopicGate {

    private static final int LOOKS = 10; // each as long as max.block.ms

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Executor openers;
    private final Consumer<List<PartitionInfo>> leaders;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private volatile boolean open;

    private record Waiting(ProducerRecord<byte[], byte[]> record, CompletableFuture<@Nullable Void> answer) {}

    /** {@code leaders} waits until the leaders of these partitions answer, or gives up. */
    TopicGate(
            String topic, Producer<byte[], byte[]> producer, Executor openers, Consumer<List<PartitionInfo>> leaders) {
        this.topic = topic;
        this.producer = producer;
        this.openers = openers;
        this.leaders = leaders;
    }

    boolean isOpen() {
        return open;
    }

    void send(ProducerRecord<byte[], byte[]> record, CompletableFuture<@Nullable Void> answer) {
        if (!open && isKept(record, answer)) {
            return;
        }
        KafkaSender.sendNow(producer, record, answer);
    }

    private boolean isKept(ProducerRecord<byte[], byte[]> record, CompletableFuture<@Nullable Void> answer) {
        synchronized (this) {
            if (open) {
                return false;
            }
            waiting.add(new Waiting(record, answer));
            if (waiting.size() > 1) {
                return true; // somebody is at it
            }
        }
        openers.execute(this::ask);
        return true;
    }

    private void ask() {
        RuntimeException unknown = lookUp();
        if (unknown != null) {
            refuseAll(unknown);
            return;
        }
        synchronized (this) {
            for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
                KafkaSender.sendNow(producer, next.record(), next.answer());
            }
            open = true;
        }
    }

    /** A topic that is only being made takes a while; null once the producer knows it. */
    private @Nullable RuntimeException lookUp() {
        RuntimeException latest = null;
        for (int i = 0; i < LOOKS; i++) {
            try {
                leaders.accept(producer.partitionsFor(topic));
                return null;
            } catch (TimeoutException notYet) {
                latest = notYet;
            } catch (RuntimeException failure) {
                return failure;
            }
        }
        return latest;
    }

    /** None of them was sent. */
    private void refuseAll(RuntimeException why) {
        Deque<Waiting> refused;
        synchronized (this) {
            refused = new ArrayDeque<>(waiting);
            waiting.clear();
        }
        refused.forEach(one -> one.answer().completeExceptionally(why));
    }
}
