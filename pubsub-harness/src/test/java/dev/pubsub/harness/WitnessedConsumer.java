package dev.pubsub.harness;

import dev.pubsub.harness.Event.Kind;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer whose assignments, records and commits go into the history. What begins is written before it happens, what
 * has ended after.
 */
final class WitnessedConsumer {

    private final Consumer<byte[], byte[]> consumer;
    private final History history;

    private WitnessedConsumer(Consumer<byte[], byte[]> consumer, History history) {
        this.consumer = consumer;
        this.history = history;
    }

    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> of(Consumer<byte[], byte[]> consumer, History history) {
        WitnessedConsumer witnessed = new WitnessedConsumer(consumer, history);
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (proxy, method, arguments) -> witnessed.call(method, arguments == null ? new Object[0] : arguments));
    }

    @SuppressWarnings("unchecked")
    private Object call(Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "poll" -> {
                Object records = pass(method, arguments);
                ((ConsumerRecords<byte[], byte[]>) records).forEach(this::received);
                return records;
            }
            case "commitSync" -> {
                var offsets = (Map<TopicPartition, OffsetAndMetadata>) arguments[0];
                commit(Kind.COMMITTING, offsets);
                boolean committed = false;
                try {
                    Object nothing = pass(method, arguments);
                    committed = true;
                    return nothing;
                } finally {
                    commit(committed ? Kind.COMMITTED : Kind.NOT_COMMITTED, offsets);
                }
            }
            case "commitAsync" -> {
                commit(Kind.COMMITTING, (Map<TopicPartition, OffsetAndMetadata>) arguments[0]);
                arguments[1] = witness((OffsetCommitCallback) arguments[1]);
            }
            case "subscribe" -> arguments[1] = witness((ConsumerRebalanceListener) arguments[1]);
            default -> {}
        }
        return pass(method, arguments);
    }

    private Object pass(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(consumer, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    private void received(ConsumerRecord<byte[], byte[]> record) {
        if (!record.topic().equals(HarnessApplication.TOPIC)) { // dead letters, which are browsed
            return;
        }
        Work work = Work.of(new String(record.value(), StandardCharsets.UTF_8));
        history.add(Kind.RECEIVED, work, 0, record.partition(), record.offset());
    }

    private void commit(Kind kind, Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((id, offset) -> history.add(kind, id.partition(), offset.offset()));
    }

    private OffsetCommitCallback witness(OffsetCommitCallback theirs) {
        return (offsets, failure) -> {
            commit(failure == null ? Kind.COMMITTED : Kind.NOT_COMMITTED, offsets);
            theirs.onComplete(offsets, failure);
        };
    }

    private ConsumerRebalanceListener witness(ConsumerRebalanceListener theirs) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                add(Kind.ASSIGNED, partitions);
                theirs.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                add(Kind.REVOKED, partitions);
                theirs.onPartitionsRevoked(partitions);
                add(Kind.RELEASED, partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                add(Kind.LOST, partitions);
                theirs.onPartitionsLost(partitions);
            }
        };
    }

    private void add(Kind kind, Collection<TopicPartition> partitions) {
        partitions.forEach(id -> history.add(kind, id.partition(), -1));
    }
}
