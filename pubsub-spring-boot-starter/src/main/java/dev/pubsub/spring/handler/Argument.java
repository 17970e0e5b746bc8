package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.PubSubHeaders;
import dev.pubsub.spi.UndeliverableException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionService;

/** What one parameter of a handler takes. Found once from the signature. */
sealed interface Argument {

    /** The parameter's name. */
    String name();

    /** The payload. */
    record Payload(String name) implements Argument {}

    /** The message with its payload. */
    record WholeMessage(String name) implements Argument {}

    /** The attempt. */
    record Attempt(String name) implements Argument {}

    /** All headers of the message. */
    record AllHeaders(String name) implements Argument {}

    /**
     * One header, converted.
     *
     * @param header its name
     * @param type what it is converted to, inside of an Optional
     * @param optional whether the parameter is an Optional
     * @param required whether a message without it cannot be handled
     * @param defaultValue what stands for a missing one
     */
    record OneHeader(
            String name,
            String header,
            Class<?> type,
            boolean optional,
            boolean required,
            @Nullable String defaultValue,
            ConversionService conversionService)
            implements Argument {

        private static final Set<String> OWN = Set.of(
                PubSubHeaders.TOPIC,
                PubSubHeaders.KEY,
                PubSubHeaders.ID,
                PubSubHeaders.ATTEMPT,
                PubSubHeaders.TIMESTAMP);

        /** Whether a name that begins as the engine's own do is one of them. */
        static boolean isKnown(String header) {
            return OWN.contains(header) || !header.startsWith(PubSubHeaders.RESERVED_PREFIX);
        }

        /** Of a delivery. Called by the compiled invoker. */
        @Nullable
        Object resolve(Message<?> message, Delivery delivery) {
            return resolve(message, PubSubHeaders.ATTEMPT.equals(header) ? delivery.attempt() : null);
        }

        /** Before a delivery, where there is no number of the attempt. */
        @Nullable
        Object resolve(Message<?> message) {
            return resolve(message, (Object) null);
        }

        private @Nullable Object resolve(Message<?> message, @Nullable Object attempt) {
            Object value =
                    switch (header) {
                        case PubSubHeaders.TOPIC -> message.topic();
                        case PubSubHeaders.KEY -> message.key();
                        case PubSubHeaders.ID -> message.id();
                        case PubSubHeaders.TIMESTAMP -> message.timestamp();
                        case PubSubHeaders.ATTEMPT -> attempt;
                        default -> message.headers().get(header);
                    };
            if (value == null) {
                value = defaultValue;
            }
            if (value == null && required) {
                throw new UndeliverableException(
                        "The message has no header '" + header + "', which parameter '" + name + "' requires", null);
            }
            Object converted = value == null || type.isInstance(value) ? value : convert(value);
            return optional ? Optional.ofNullable(converted) : converted;
        }

        private @Nullable Object convert(Object value) {
            try {
                return conversionService.convert(value, type);
            } catch (RuntimeException e) {
                // The cause's message quotes the value, so only its type goes on.
                throw new UndeliverableException(
                        "The header '" + header + "' cannot be converted to " + type.getTypeName() + " ("
                                + e.getClass().getName() + ")",
                        null);
            }
        }
    }
}
