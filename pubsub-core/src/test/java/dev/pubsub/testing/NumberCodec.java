package dev.pubsub.testing;

import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.UndeliverableException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

/** Writes and reads whole numbers as decimal text. */
public final class NumberCodec implements PayloadCodec {

    @Override
    public Object convert(Object payload, Type target) {
        if (payload instanceof byte[] bytes && target == Long.class) {
            try {
                return Long.valueOf(new String(bytes, StandardCharsets.UTF_8));
            } catch (NumberFormatException noNumber) {
                throw new UndeliverableException("Not a number", null);
            }
        }
        return PayloadConverter.none().convert(payload, target);
    }

    @Override
    public EncodedPayload encode(Object payload) {
        return payload instanceof Long number
                ? EncodedPayload.of(number.toString().getBytes(StandardCharsets.UTF_8), "text/plain", "number")
                : PayloadCodec.super.encode(payload);
    }
}
