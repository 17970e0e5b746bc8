package dev.pubsub.tck;

import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.UndeliverableException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** Reads whole numbers from text. */
final class NumberCodec implements PayloadCodec {

    @Override
    public Object convert(Object payload, Type target) {
        if (target != Long.class) {
            throw new UndeliverableException("Only numbers are read", null);
        }
        String text = payload instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : (String) payload;
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException noNumber) {
            throw new UndeliverableException("A payload is no number", null);
        }
    }
}
