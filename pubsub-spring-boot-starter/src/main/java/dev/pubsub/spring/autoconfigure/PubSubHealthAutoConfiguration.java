package dev.pubsub.spring.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.spring.actuate.PubSubHealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health component {@code pubsub}. */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnSingleCandidate(PubSub.class)
@ConditionalOnEnabledHealthIndicator("pubsub")
public final class PubSubHealthAutoConfiguration {

    PubSubHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "pubsubHealthIndicator")
    PubSubHealthIndicator pubsubHealthIndicator(PubSub pubSub) {
        return new PubSubHealthIndicator(pubSub);
    }
}
