package dev.pubsub.spi;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Converts a payload to what a handler takes. Called by a worker, within the attempt's deadline, only for payloads that
 * are not of the type already. Safe for use by any thread.
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
