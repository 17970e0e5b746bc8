package dev.pubsub.spring.conversion;

import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.PayloadTypes;
import dev.pubsub.spi.UndeliverableException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.convert.ConversionService;

/**
 * Converts a payload in this order: already of the type; String and byte[] decoded; structures (maps, records, beans,
 * collections) converted by Jackson; scalars by the conversion service. Never an object to the text of its
 * {@code toString}, never one value to a collection of one: those would hide a mistake. Without Jackson, the first and
 * the last.
 */
public final class SpringPayloadCodec implements PayloadCodec {

    private final @Nullable PayloadDecoder decoder;
    private final ConversionService conversionService;
    private final PayloadTypeNames names;

    SpringPayloadCodec(@Nullable PayloadDecoder decoder, ConversionService conversionService, PayloadTypeNames names) {
        this.decoder = decoder;
        this.conversionService = conversionService;
        this.names = names;
    }

    /** Without Jackson. */
    public static SpringPayloadCodec withoutJackson(ConversionService conversionService) {
        return new SpringPayloadCodec(null, conversionService, PayloadTypeNames.of(Map.of()));
    }

    @Override
    public Object convert(Object payload, Type target) {
        if (PayloadTypes.isInstance(payload, target)) {
            return payload;
        }
        Class<?> type = PayloadTypes.rawClass(target);
        Object converted;
        try {
            converted = convert(payload, target, type);
        } catch (RuntimeException e) {
            // The cause's message may quote the payload, so only its type goes on.
            throw undeliverable(payload, target, e.getClass().getName());
        }
        if (converted == null) {
            throw undeliverable(payload, target, null);
        }
        return converted;
    }

    /** Bytes and strings as they are, all else as JSON, with the logical name of its type if it has one. */
    @Override
    public EncodedPayload encode(Object payload) {
        boolean asItIs = payload instanceof EncodedPayload || payload instanceof byte[] || payload instanceof String;
        return asItIs || decoder == null
                ? PayloadCodec.super.encode(payload)
                : EncodedPayload.of(
                        decoder.encode(payload).getBytes(StandardCharsets.UTF_8),
                        EncodedPayload.JSON,
                        names.nameOf(payload));
    }

    @Override
    public Object decode(EncodedPayload payload, Type target) {
        return PayloadCodec.super.decode(payload, names.refine(target, payload.typeName()));
    }

    /** Structures by Jackson; scalars too, or by their own text without it; other bytes than text have none. */
    @Override
    public @Nullable String text(Object payload) {
        try {
            if (payload instanceof String text) {
                return text;
            }
            if (payload instanceof byte[] bytes) {
                return text(bytes);
            }
            if (payload instanceof EncodedPayload encoded) {
                return text(encoded.bytes());
            }
            if (decoder != null) {
                return decoder.encode(payload);
            }
            return isScalar(payload.getClass()) ? String.valueOf(payload) : null;
        } catch (RuntimeException | StackOverflowError e) {
            return null; // a getter may throw anything, and its message may quote the payload
        }
    }

    private @Nullable Object convert(Object payload, Type target, Class<?> type) {
        if (decoder != null) {
            if (payload instanceof byte[] bytes) {
                return type == String.class ? text(bytes) : decoder.decode(bytes, target);
            }
            if (payload instanceof String text) {
                return decode(decoder, text, target, type);
            }
            if (isStructure(payload.getClass()) && isStructure(type)) {
                boolean alike = isCollection(payload.getClass()) == isCollection(type);
                return alike ? decoder.convert(payload, target) : null;
            }
        }
        return isScalar(payload.getClass()) && isScalar(type) ? conversionService.convert(payload, type) : null;
    }

    private @Nullable Object decode(PayloadDecoder jackson, String text, Type target, Class<?> type) {
        if (type == byte[].class) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return jackson.decode(text, target);
        } catch (RuntimeException e) {
            // A scalar's plain text is no JSON: an enum's constant, a date, a UUID.
            if (isScalar(type) && conversionService.canConvert(String.class, type)) {
                return conversionService.convert(text, type);
            }
            throw e;
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("Not UTF-8", e);
        }
    }

    private static boolean isScalar(Class<?> type) {
        return BeanUtils.isSimpleValueType(type);
    }

    private static boolean isStructure(Class<?> type) {
        return !isScalar(type) && type != byte[].class;
    }

    private static boolean isCollection(Class<?> type) {
        return Collection.class.isAssignableFrom(type) || type.isArray();
    }

    private static UndeliverableException undeliverable(Object payload, Type target, @Nullable String because) {
        return new UndeliverableException(
                "A payload of type " + payload.getClass().getName() + " cannot be converted to " + target.getTypeName()
                        + (because == null ? "" : " (" + because + ")"),
                null);
    }
}
