package dev.pubsub.spring.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/** Application events for pauses, quarantines and dead letters. */
@AutoConfiguration(before = PubSubAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
public final class PubSubEventAutoConfiguration {

    PubSubEventAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    SubscriptionEventPublisher pubSubSubscriptionEventPublisher(ApplicationEventPublisher events) {
        return new SubscriptionEventPublisher(events);
    }
}
