package dev.pubsub.spring.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.actuate.DeadLettersEndpoint;
import dev.pubsub.spring.actuate.DeadLettersEndpointProperties;
import dev.pubsub.spring.actuate.EndpointProblemResolver;
import dev.pubsub.spring.actuate.PubSubEndpoint;
import dev.pubsub.spring.actuate.ReplaysEndpoint;
import dev.pubsub.spring.actuate.StrictArguments;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ProblemDetail;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The endpoints {@code pubsub}, {@code pubsubdeadletters} and {@code pubsubreplays}. */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@ConditionalOnClass({ConditionalOnAvailableEndpoint.class, PathMappedEndpoints.class, ProblemDetail.class})
@ConditionalOnSingleCandidate(PubSub.class)
@ConditionalOnWebApplication
@EnableConfigurationProperties(DeadLettersEndpointProperties.class)
public final class PubSubEndpointAutoConfiguration {

    PubSubEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    PubSubEndpoint pubSubEndpoint(PubSub pubSub) {
        return new PubSubEndpoint(pubSub);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    DeadLettersEndpoint pubSubDeadLettersEndpoint(
            PubSub pubSub,
            PayloadCodec codec,
            ObjectProvider<SanitizingFunction> sanitizingFunctions,
            DeadLettersEndpointProperties properties) {
        return new DeadLettersEndpoint(
                pubSub,
                new Sanitizer(sanitizingFunctions.orderedStream().toList()),
                codec,
                properties.getShowValues(),
                properties.getRoles());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    ReplaysEndpoint pubSubReplaysEndpoint(PubSub pubSub) {
        return new ReplaysEndpoint(pubSub);
    }

    @Bean
    StrictArguments pubSubStrictArguments() {
        return new StrictArguments();
    }

    @Bean
    ExposureHint pubSubExposureHint(ObjectProvider<PubSubEndpoint> endpoint) {
        return new ExposureHint(endpoint);
    }

    /** Problem details for requests that Spring MVC refuses before an endpoint sees them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HandlerExceptionResolver.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {

        @Bean
        EndpointProblemResolver pubSubEndpointProblemResolver(ObjectProvider<PathMappedEndpoints> endpoints) {
            return new EndpointProblemResolver(() -> endpoints.stream()
                    .flatMap(mapped -> Stream.of("pubsub", "pubsubdeadletters", "pubsubreplays")
                            .map(id -> mapped.getPath(EndpointId.of(id))))
                    .filter(Objects::nonNull)
                    .toList());
        }
    }

    /** Tells once, at start-up, that Actuator is there and the engine cannot be seen through it. */
    static final class ExposureHint implements SmartLifecycle {

        private final ObjectProvider<PubSubEndpoint> endpoint;
        private volatile boolean running;
        private boolean told;

        ExposureHint(ObjectProvider<PubSubEndpoint> endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public void start() {
            running = true;
            if (!told && endpoint.getIfAvailable() == null) {
                LoggerFactory.getLogger(PubSubLifecycle.class)
                        .info("Actuator is present, but its endpoint 'pubsub' is not exposed; to see the subscriptions,"
                                + " write management.endpoints.web.exposure.include: health,pubsub,pubsubdeadletters");
            }
            told = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return PubSubLifecycle.PHASE + 1;
        }
    }
}
