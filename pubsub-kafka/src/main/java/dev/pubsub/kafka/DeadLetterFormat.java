package dev.pubsub.kafka;

import static dev.pubsub.kafka.WireFormat.utf8;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as a record of {@code <topic>.<subscription>.dlt}: the original key, bytes and headers, and what became
 * of them in headers of ours. One that is gone, replayed or discarded, is followed by a record without a value.
 */
final class DeadLetterFormat {

    static final String SUFFIX = ".dlt";
    private static final String PREFIX = "pubsub-dead-letter-";
    private static final String DEAD_ID = PREFIX + "id";
    private static final String GONE = PREFIX + "gone";
    private static final String TOPIC = PREFIX + "topic";
    private static final String ORIGIN = PREFIX + "origin";
    private static final String SUBSCRIPTION = PREFIX + "subscription";
    private static final String REASON = PREFIX + "reason";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final String REPLAYS = PREFIX + "replays";
    private static final String FAILED_AT = PREFIX + "failed-at";
    private static final String EXCEPTION = PREFIX + "exception-type";
    private static final String TEXT = PREFIX + "exception-message";
    private static final String STACK = PREFIX + "stack-trace";
    private static final String FINGERPRINT = PREFIX + "fingerprint";
    private static final int MAX_TOPIC = 249;
    private static final int HASH_LENGTH = 16;

    private DeadLetterFormat() {}

    /** What a record of such a topic says. */
    sealed interface Entry {

        /** A dead letter. */
        record Added(DeadLetter letter) implements Entry {}

        /** That with this id, replayed so often at most, is a dead letter no longer. */
        record Gone(String id, int replays) implements Entry {}
    }

    /** Past 249 characters the topic is cut, and a hash of the full name added. */
    static String topicOf(String topic, String subscriptionId) {
        String behind = "." + subscriptionId + SUFFIX;
        if (topic.length() + behind.length() <= MAX_TOPIC) {
            return topic + behind;
        }
        String hash = "-" + hash(topic);
        return topic.substring(0, MAX_TOPIC - behind.length() - hash.length()) + hash + behind;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(utf8(text));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    static ProducerRecord<byte[], byte[]> added(DeadLetter letter, EncodedPayload payload, boolean withStack) {
        Message<?> message = letter.message();
        ProducerRecord<byte[], byte[]> original = WireFormat.toRecord(payload.in(message));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topicOf(message.topic(), letter.subscriptionId()),
                null,
                original.timestamp(),
                original.key(),
                original.value(),
                original.headers());
        Headers headers = record.headers();
        headers.add(DEAD_ID, utf8(letter.id()));
        headers.add(TOPIC, utf8(message.topic()));
        headers.add(SUBSCRIPTION, utf8(letter.subscriptionId()));
        headers.add(REASON, utf8(letter.reason().name()));
        headers.add(ATTEMPTS, utf8(Integer.toString(letter.attempts())));
        headers.add(REPLAYS, utf8(Integer.toString(letter.replays())));
        headers.add(FAILED_AT, utf8(letter.failedAt().toString()));
        add(headers, ORIGIN, payload.origin());
        add(headers, EXCEPTION, letter.exceptionType());
        add(headers, FINGERPRINT, letter.fingerprint());
        if (withStack) {
            add(headers, TEXT, letter.exceptionMessage());
            add(headers, STACK, letter.stackTrace());
        }
        return record;
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        if (value != null) {
            headers.add(name, utf8(value));
        }
    }

    static ProducerRecord<byte[], byte[]> gone(DeadLetter letter) {
        String key = letter.message().key();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topicOf(letter.message().topic(), letter.subscriptionId()), key == null ? null : utf8(key), null);
        record.headers().add(GONE, utf8(letter.id()));
        record.headers().add(REPLAYS, utf8(Integer.toString(letter.replays())));
        return record;
    }

    /** Empty for a record that is none of ours, or that cannot be read. */
    static Optional<Entry> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            String gone = header(record, GONE);
            if (gone != null) {
                return Optional.of(new Entry.Gone(gone, number(record, REPLAYS)));
            }
            String id = header(record, DEAD_ID);
            return id == null ? Optional.empty() : Optional.of(new Entry.Added(letter(record, id)));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record, String id) {
        Message<EncodedPayload> read = WireFormat.toMessage(record);
        String origin = header(record, ORIGIN);
        Message<EncodedPayload> message = Message.builder(
                        required(record, TOPIC),
                        origin == null ? read.payload() : read.payload().from(origin))
                .key(read.key())
                .headers(read.headers())
                .id(read.id())
                .timestamp(read.timestamp())
                .build();
        DeadLetter.Builder letter = DeadLetter.builder(
                        required(record, SUBSCRIPTION), message, Reason.valueOf(required(record, REASON)))
                .id(id)
                .attempts(number(record, ATTEMPTS))
                .replays(number(record, REPLAYS))
                .failedAt(Instant.parse(required(record, FAILED_AT)));
        String exception = header(record, EXCEPTION);
        if (exception != null) {
            letter.exception(exception, header(record, TEXT), header(record, STACK), header(record, FINGERPRINT));
        }
        return letter.build();
    }

    private static int number(ConsumerRecord<byte[], byte[]> record, String name) {
        return Integer.parseInt(required(record, name));
    }

    private static String required(ConsumerRecord<byte[], byte[]> record, String name) {
        String value = header(record, name);
        if (value == null) {
            throw new IllegalArgumentException("No header " + name);
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
