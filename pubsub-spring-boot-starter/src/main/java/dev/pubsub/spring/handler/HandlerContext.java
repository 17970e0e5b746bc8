package dev.pubsub.spring.handler;

import dev.pubsub.spi.PayloadCodec;
import java.util.function.UnaryOperator;
import org.springframework.core.convert.ConversionService;

/**
 * What handlers are made with.
 *
 * @param codec converts payloads in conditions; deliveries have them converted by the engine
 * @param conversionService converts the values of headers
 * @param placeholders resolves placeholders in attributes of annotations
 */
public record HandlerContext(
        PayloadCodec codec, ConversionService conversionService, UnaryOperator<String> placeholders) {}
