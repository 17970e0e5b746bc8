package dev.pubsub.observe;

import dev.pubsub.Message;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/** Keys of OpenTelemetry's semantic conventions for messaging, and our own. */
final class MessagingKeys {

    static final String SUBSCRIPTION = "messaging.destination.subscription.name";
    static final String ATTEMPT = "messaging.pubsub.attempt";
    static final String RESULT = "messaging.pubsub.result";
    static final String COPIES = "messaging.pubsub.copies";
    static final String DEAD_LETTER = "messaging.pubsub.dead_letter.id";

    private static final KeyValue SYSTEM = KeyValue.of("messaging.system", "pubsub");

    private MessagingKeys() {}

    static KeyValues operation(String name, String type, String template) {
        return KeyValues.of(
                SYSTEM,
                KeyValue.of("messaging.operation.name", name),
                KeyValue.of("messaging.operation.type", type),
                KeyValue.of("messaging.destination.template", template));
    }

    static KeyValues identity(Message<?> message) {
        return KeyValues.of(
                KeyValue.of("messaging.destination.name", message.topic()),
                KeyValue.of("messaging.message.id", message.id()));
    }

    /** Only where there is an error: its presence says that the operation has failed. */
    static KeyValues withError(KeyValues values, @Nullable Throwable error) {
        return error == null
                ? values
                : values.and("error.type", error.getClass().getName());
    }
}
