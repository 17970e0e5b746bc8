package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/** A dead letter as the endpoint shows it: types, frames and fingerprint always, values as the settings say. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record DeadLetterDescriptor(
        String id,
        String subscriptionId,
        MessageDescriptor message,
        String reason,
        int attempts,
        @Nullable String exceptionType,
        @Nullable Object exceptionMessage,
        @Nullable String stackTrace,
        @Nullable String fingerprint,
        Instant failedAt,
        int replays)
        implements OperationResponseBody {

    /** The longest value shown, in characters. */
    private static final int CAP = 4_000;

    static DeadLetterDescriptor of(DeadLetter letter, Sanitizer sanitizer, boolean show) {
        return new DeadLetterDescriptor(
                letter.id(),
                letter.subscriptionId(),
                MessageDescriptor.of(letter.message(), sanitizer, show),
                letter.reason().name(),
                letter.attempts(),
                letter.exceptionType(),
                value("exceptionMessage", letter.exceptionMessage(), sanitizer, show),
                letter.stackTrace(),
                letter.fingerprint(),
                letter.failedAt(),
                letter.replays());
    }

    private static @Nullable Object value(String key, @Nullable Object value, Sanitizer sanitizer, boolean show) {
        if (value == null) {
            return null;
        }
        if (!show) {
            return SanitizableData.SANITIZED_VALUE;
        }
        Object sanitized = sanitizer.sanitize(new SanitizableData(null, key, text(value)), true);
        return sanitized == null ? null : Texts.capped(String.valueOf(sanitized), CAP);
    }

    /** The payload's own toString may do anything. */
    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return new String(bytes, 0, Math.min(bytes.length, CAP + 1), StandardCharsets.UTF_8);
        }
        try {
            return String.valueOf(value);
        } catch (RuntimeException | StackOverflowError e) {
            return "(cannot be shown: " + e.getClass().getName() + ")";
        }
    }

    /** Its message. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record MessageDescriptor(
            String id,
            String topic,
            @Nullable Object key,
            String payloadType,
            @Nullable Object payload,
            Map<String, @Nullable Object> headers,
            Instant timestamp) {

        static MessageDescriptor of(Message<?> message, Sanitizer sanitizer, boolean show) {
            Map<String, @Nullable Object> headers = new LinkedHashMap<>();
            message.headers().forEach((name, value) -> headers.put(name, value(name, value, sanitizer, show)));
            return new MessageDescriptor(
                    message.id(),
                    message.topic(),
                    value("key", message.key(), sanitizer, show),
                    message.payload().getClass().getName(),
                    value("payload", message.payload(), sanitizer, show),
                    headers,
                    message.timestamp());
        }
    }
}
