package dev.pubsub.spring.conversion;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionService;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;

/**
 * By the application's Jackson mapper. Nothing else in this package names Jackson, so that the rest loads without it.
 */
public final class JacksonDecoder implements PayloadDecoder {

    private final ObjectMapper mapper;
    private final ObjectReader reader;

    private JacksonDecoder(ObjectMapper mapper) {
        this.mapper = mapper;
        // A single value is no list, whatever the mapper is configured to accept elsewhere.
        this.reader = mapper.reader().without(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY);
    }

    /** A codec that uses this mapper, and sends and reads these names of types. */
    public static SpringPayloadCodec codec(
            ObjectMapper mapper, ConversionService conversionService, PayloadTypeNames names) {
        return new SpringPayloadCodec(new JacksonDecoder(mapper), conversionService, names);
    }

    @Override
    public @Nullable Object decode(String text, Type target) {
        return reader.forType(mapper.constructType(target)).readValue(text);
    }

    @Override
    public @Nullable Object decode(byte[] bytes, Type target) {
        return reader.forType(mapper.constructType(target)).readValue(bytes);
    }

    @Override
    public @Nullable Object convert(Object payload, Type target) {
        return mapper.convertValue(payload, mapper.constructType(target));
    }

    @Override
    public String encode(Object payload) {
        return mapper.writeValueAsString(payload);
    }
}
