package dev.pubsub.codec;

import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.PayloadTypes;
import dev.pubsub.spi.UndeliverableException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Converts the payload of a subscription's messages to its payload type. A payload that is an instance of the type
 * already is passed on as it is, at the cost of one check. Immutable.
 */
public final class PayloadConverter {

    private final Type target;
    private final Class<?> raw;
    private final PayloadCodec codec;
    private final boolean takesAnything;

    /** Converts to {@code target} by {@code codec}. */
    public PayloadConverter(Type target, PayloadCodec codec) {
        this.target = target;
        this.raw = PayloadTypes.rawClass(target);
        this.codec = codec;
        this.takesAnything = raw == Object.class;
    }

    /** A codec that converts nothing: what is not of the type already cannot be delivered. */
    public static PayloadCodec none() {
        return (payload, type) -> {
            throw new UndeliverableException(describe(payload, type), null);
        };
    }

    /**
     * The message with its payload converted.
     *
     * @throws UndeliverableException if it cannot be; its text and causes do not hold the payload
     */
    public Message<?> convert(Message<?> message) {
        Object payload = message.payload();
        boolean fits = target == raw ? raw.isInstance(payload) : PayloadTypes.isInstance(payload, target);
        if (takesAnything && payload instanceof EncodedPayload) {
            fits = false; // what is on its way is no object to be handled
        }
        return fits ? message : message.withPayload(converted(payload));
    }

    private Object converted(Object payload) {
        @Nullable Object result;
        try {
            result = payload instanceof EncodedPayload encoded
                    ? codec.decode(encoded, target)
                    : codec.convert(payload, target);
        } catch (UndeliverableException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            // not as a cause: a parser's message usually quotes what it could not read
            throw new UndeliverableException(
                    describe(payload, target) + " (" + e.getClass().getName() + ")", null);
        }
        if (!raw.isInstance(result)) {
            throw new UndeliverableException(describe(payload, target) + " (the codec returned another type)", null);
        }
        return result;
    }

    private static String describe(Object payload, Type type) {
        return "The payload, a " + payload.getClass().getName() + ", cannot be converted to " + type.getTypeName();
    }
}
