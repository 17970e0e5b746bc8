package dev.pubsub.spi;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Converts a payload to what a handler takes: called by a worker, within the attempt's deadline, only for payloads that
 * are not of the type already. For transports that leave the process it encodes payloads, on the publisher's thread,
 * and decodes them. Safe for use by any thread.
 */
@FunctionalInterface
public interface PayloadCodec {

    /**
     * The payload as an object of that type.
     *
     * @throws UndeliverableException if it cannot be converted; its message must not hold the payload
     */
    Object convert(Object payload, Type target);

    /**
     * The payload for its way to another process. Default: of bytes and strings.
     *
     * @throws IllegalArgumentException if it cannot be encoded; its message must not hold the payload
     */
    default EncodedPayload encode(Object payload) {
        if (payload instanceof EncodedPayload encoded) {
            return encoded;
        }
        if (payload instanceof byte[] bytes) {
            return EncodedPayload.of(bytes, EncodedPayload.OCTETS, null);
        }
        if (payload instanceof String text) {
            return EncodedPayload.of(text.getBytes(StandardCharsets.UTF_8), EncodedPayload.TEXT, null);
        }
        throw new IllegalArgumentException(
                "A payload of type " + payload.getClass().getName()
                        + " cannot be encoded without a codec that can; publish bytes or a string, or give the engine one");
    }

    /**
     * The payload, come from another process, as an object of that type; of the type that its sender named, if that is
     * known and {@code target} does not say. Default: bytes as they are, text where it is asked for or announced, and
     * all else by {@link #convert} from the bytes.
     *
     * @throws UndeliverableException if it cannot be decoded; its message must not hold the payload
     */
    default Object decode(EncodedPayload payload, Type target) {
        Class<?> type = PayloadTypes.rawClass(target);
        boolean any = type == Object.class;
        if (type == byte[].class || (any && !payload.isText())) {
            return payload.bytes();
        }
        if (any || type == String.class || type == CharSequence.class) {
            return payload.text();
        }
        return convert(payload.bytes(), target);
    }

    /**
     * The payload as text, for an operator to read: JSON where it has a structure, and text that is encoded already as
     * it is. Called by the threads of an endpoint, for dead letters only. Default: of strings, numbers, booleans,
     * characters and enum constants.
     *
     * @return null if it has no text; what another object's {@code toString} says is none
     */
    default @Nullable String text(Object payload) {
        boolean isPlain = payload instanceof String
                || payload instanceof Number
                || payload instanceof Boolean
                || payload instanceof Character
                || payload instanceof Enum<?>;
        return isPlain ? payload.toString() : null;
    }
}
