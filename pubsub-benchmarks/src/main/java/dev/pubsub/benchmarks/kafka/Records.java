package dev.pubsub.benchmarks.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What is in the topics: records of 1 KB, which begin with the number of their key and that of the record. */
final class Records {

    static final int BYTES = 1_024;
    static final int KEYS = 10_000;
    private static final int PARTITIONS = 4;

    private Records() {}

    static String key(int record) {
        return "key-" + record % KEYS;
    }

    /** Makes a topic, and fills it as any client would. */
    static void fill(String address, String topic, int count) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())))
                    .all()
                    .get();
        }
        List<Future<RecordMetadata>> answers = new ArrayList<>(count);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        address,
                        "enable.idempotence", // a new topic's first batch may be refused, and then all after it
                        false,
                        "max.in.flight.requests.per.connection",
                        1,
                        "linger.ms",
                        20,
                        "batch.size",
                        262_144),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                byte[] value = new byte[BYTES];
                ByteBuffer.wrap(value).putInt(i % KEYS).putInt(i);
                answers.add(producer.send(new ProducerRecord<>(topic, key(i).getBytes(StandardCharsets.UTF_8), value)));
            }
        }
        for (Future<RecordMetadata> answer : answers) {
            answer.get();
        }
    }
}
