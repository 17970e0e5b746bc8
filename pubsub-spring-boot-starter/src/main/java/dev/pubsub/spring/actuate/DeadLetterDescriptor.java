package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/** A dead letter as the endpoint shows it: types, frames and fingerprint always, values as the settings say. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DeadLetterDescriptor(
        String id,
        String subscriptionId,
        MessageDescriptor message,
        String reason,
        int attempts,
        @Nullable String exceptionType,
        @Nullable String exceptionMessage,
        @Nullable String stackTrace,
        @Nullable String fingerprint,
        Instant failedAt,
        int replays)
        implements OperationResponseBody {

    static DeadLetterDescriptor of(DeadLetter letter, ShownValues values) {
        return new DeadLetterDescriptor(
                letter.id(),
                letter.subscriptionId(),
                MessageDescriptor.of(letter.message(), values),
                letter.reason().name(),
                letter.attempts(),
                letter.exceptionType(),
                values.text("exceptionMessage", letter.exceptionMessage()),
                letter.stackTrace(),
                letter.fingerprint(),
                letter.failedAt(),
                letter.replays());
    }

    /** Its message. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record MessageDescriptor(
            String id,
            String topic,
            @Nullable String key,
            String payloadType,
            String payload,
            Map<String, @Nullable String> headers,
            Instant timestamp) {

        static MessageDescriptor of(Message<?> message, ShownValues values) {
            Map<String, @Nullable String> headers = new LinkedHashMap<>();
            message.headers().forEach((name, value) -> headers.put(name, values.text(name, value)));
            return new MessageDescriptor(
                    message.id(),
                    message.topic(),
                    values.text("key", message.key()),
                    message.payload().getClass().getName(),
                    values.payload(message.payload()),
                    headers,
                    message.timestamp());
        }
    }
}
