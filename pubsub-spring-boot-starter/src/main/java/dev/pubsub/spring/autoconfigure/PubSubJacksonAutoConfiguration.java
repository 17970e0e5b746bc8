package dev.pubsub.spring.autoconfigure;

import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.conversion.ConversionServices;
import dev.pubsub.spring.conversion.JacksonDecoder;
import dev.pubsub.spring.conversion.PayloadTypeNames;
import dev.pubsub.spring.conversion.SpringPayloadCodec;
import dev.pubsub.spring.settings.PubSubProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Conversion of payloads by the application's Jackson. */
@AutoConfiguration(
        before = PubSubAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubJacksonAutoConfiguration {

    PubSubJacksonAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(PayloadCodec.class)
    SpringPayloadCodec pubSubPayloadCodec(
            ConfigurableBeanFactory beans,
            ObjectProvider<JsonMapper> jsonMapper,
            ObjectProvider<ObjectMapper> mapper,
            PubSubProperties properties) {
        ObjectMapper own = jsonMapper.getIfAvailable();
        if (own == null) {
            own = mapper.getIfUnique(() -> JsonMapper.builder().build());
        }
        return JacksonDecoder.codec(own, ConversionServices.of(beans), PayloadTypeNames.of(properties.getTypes()));
    }
}
