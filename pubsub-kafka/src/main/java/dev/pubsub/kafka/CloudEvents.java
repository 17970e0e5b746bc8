package dev.pubsub.kafka;

import static dev.pubsub.kafka.WireFormat.utf8;

import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of CloudEvents 1.0 as headers of a record: the binary content mode of its Kafka protocol binding,
 * which leaves value and content type as they are.
 */
final class CloudEvents {

    static final String PREFIX = "ce_";
    static final String ID = PREFIX + "id";
    static final String TYPE = PREFIX + "type";
    private static final String SPEC_VERSION = PREFIX + "specversion";
    private static final String SOURCE = PREFIX + "source";
    private static final String TIME = PREFIX + "time";

    private CloudEvents() {}

    /** Adds those that the message does not bring along as headers of its own. */
    static void add(Headers headers, Message<EncodedPayload> message, String source) {
        add(headers, SPEC_VERSION, "1.0");
        add(headers, ID, message.id());
        add(headers, SOURCE, source);
        add(headers, TYPE, typeOf(message.payload().typeName(), message.topic()));
        add(headers, TIME, message.timestamp().toString());
    }

    /** The attribute must be there: what a topic holds is told by its name where types have none. */
    private static String typeOf(@Nullable String typeName, String topic) {
        return typeName == null ? topic : typeName;
    }

    private static void add(Headers headers, String name, String value) {
        if (headers.lastHeader(name) == null) {
            headers.add(name, utf8(value));
        }
    }
}
