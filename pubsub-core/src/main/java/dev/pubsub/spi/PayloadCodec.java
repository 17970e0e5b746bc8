package dev.pubsub.spi;

import java.lang.reflect.Type;

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
}
