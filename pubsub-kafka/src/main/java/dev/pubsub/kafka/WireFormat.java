package dev.pubsub.kafka;

import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.spi.EncodedPayload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A message as a record of Kafka. Key and headers are UTF-8; id, media type and logical type are headers, so that a
 * record of a plain client, which has none of them, is a message, too, and ours is an ordinary record to a plain
 * client. A record that is a CloudEvent has its id and its type from there.
 */
final class WireFormat {

    static final String ID = "pubsub-id";
    static final String TYPE = "pubsub-type";
    static final String CONTENT_TYPE = "content-type";
    /** Where the application has a header of that name itself. */
    static final String OUR_CONTENT_TYPE = "pubsub-content-type";

    private static final String RESERVED = "pubsub-";
    private static final char REPLACED = '\uFFFD'; // where bytes are not UTF-8; or it was sent
    private static final int MAX_ID_LENGTH = 255;

    private WireFormat() {}

    static ProducerRecord<byte[], byte[]> toRecord(Message<EncodedPayload> message) {
        byte[] key = message.key() == null ? null : utf8(message.key());
        EncodedPayload payload = message.payload();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(message.topic(), null, message.timestamp().toEpochMilli(), key, payload.bytes());
        Headers headers = record.headers();
        headers.add(ID, utf8(message.id()));
        if (payload.contentType() != null) {
            boolean taken = message.headers().keySet().stream().anyMatch(CONTENT_TYPE::equalsIgnoreCase);
            headers.add(taken ? OUR_CONTENT_TYPE : CONTENT_TYPE, utf8(payload.contentType()));
        }
        if (payload.typeName() != null) {
            headers.add(TYPE, utf8(payload.typeName()));
        }
        message.headers().forEach((name, value) -> headers.add(name, utf8(value)));
        return record;
    }

    /** A record as a message; nothing in a record makes this fail. */
    static Message<EncodedPayload> toMessage(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value() == null ? new byte[0] : record.value(); // a tombstone
        String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
        Headers headers = record.headers();
        String ourId = textOf(headers.lastHeader(ID));
        String id = ourId == null ? textOf(headers.lastHeader(CloudEvents.ID)) : ourId;
        String ourType = textOf(headers.lastHeader(OUR_CONTENT_TYPE));
        String type = ourType == null ? textOf(last(headers, CONTENT_TYPE)) : ourType;
        String ourName = textOf(headers.lastHeader(TYPE));
        String name = ourName == null && ourId == null ? textOf(headers.lastHeader(CloudEvents.TYPE)) : ourName;
        EncodedPayload payload = EncodedPayload.of(value, type, name).from(origin);
        Message.Builder<EncodedPayload> message = Message.builder(record.topic(), payload)
                .key(record.key() == null ? null : text(record.key()))
                .id(id != null && isId(id) ? id : idOf(origin))
                .timestamp(Instant.ofEpochMilli(Math.max(0, record.timestamp())));
        // of a record of ours the content type is ours, unless the application has one of its own
        boolean isOurs = ourId != null && ourType == null;
        for (Header header : headers) {
            boolean hidden = header.key().regionMatches(true, 0, RESERVED, 0, RESERVED.length())
                    || (isOurs && header.key().equalsIgnoreCase(CONTENT_TYPE));
            if (!hidden) {
                message.header(header.key(), header.value() == null ? "" : text(header.value()));
            }
        }
        return message.build();
    }

    private static @Nullable Header last(Headers headers, String name) {
        Header last = null;
        for (Header header : headers) {
            last = header.key().equalsIgnoreCase(name) ? header : last;
        }
        return last;
    }

    private static @Nullable String textOf(@Nullable Header header) {
        if (header == null) {
            return null;
        }
        return header.value() == null ? "" : text(header.value());
    }

    private static boolean isId(String id) {
        return !id.isEmpty() && id.length() <= MAX_ID_LENGTH && Names.textProblem(id) == null;
    }

    /** Where a record lies is unique, too. */
    private static String idOf(String origin) {
        return origin.length() <= MAX_ID_LENGTH ? origin : origin.substring(origin.length() - MAX_ID_LENGTH);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As UTF-8, or else byte by byte: what differs stays different, so that the order of keys holds. */
    static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACED) < 0) {
            return text; // nearly always, and much faster than to ask first
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
