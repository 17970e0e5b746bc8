package dev.pubsub.spring.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.journey.Journeys;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.spring.actuate.AsyncApiEndpoint;
import dev.pubsub.spring.actuate.DeadLettersEndpoint;
import dev.pubsub.spring.actuate.DeadLettersEndpointProperties;
import dev.pubsub.spring.actuate.EndpointProblemHandler;
import dev.pubsub.spring.actuate.EndpointProblemResolver;
import dev.pubsub.spring.actuate.MessagesEndpoint;
import dev.pubsub.spring.actuate.MessagesEndpointProperties;
import dev.pubsub.spring.actuate.PubSubEndpoint;
import dev.pubsub.spring.actuate.ReplaysEndpoint;
import dev.pubsub.spring.actuate.RoutesEndpoint;
import dev.pubsub.spring.actuate.StrictArguments;
import dev.pubsub.spring.asyncapi.GeneratedSchemas;
import dev.pubsub.spring.asyncapi.PayloadSchemas;
import dev.pubsub.spring.settings.PubSubProperties;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
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
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.ProblemDetail;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The endpoints, all of which begin with {@code pubsub}, and what only they need. */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@ConditionalOnClass({ConditionalOnAvailableEndpoint.class, PathMappedEndpoints.class, ProblemDetail.class})
@ConditionalOnSingleCandidate(PubSub.class)
@ConditionalOnWebApplication
@EnableConfigurationProperties({DeadLettersEndpointProperties.class, MessagesEndpointProperties.class})
public final class PubSubEndpointAutoConfiguration {

    private static final List<String> IDS =
            List.of("pubsub", "pubsubdeadletters", "pubsubreplays", "pubsubmessages", "pubsubroutes", "pubsubasyncapi");

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
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    MessagesEndpoint pubSubMessagesEndpoint(
            PubSub pubSub,
            ObjectProvider<Journeys> journeys,
            ObjectProvider<SanitizingFunction> sanitizingFunctions,
            MessagesEndpointProperties properties) {
        return new MessagesEndpoint(
                pubSub,
                journeys.getIfAvailable(),
                new Sanitizer(sanitizingFunctions.orderedStream().toList()),
                properties.getShowValues(),
                properties.getRoles());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    RoutesEndpoint pubSubRoutesEndpoint(PubSub pubSub) {
        return new RoutesEndpoint(pubSub);
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    AsyncApiEndpoint pubSubAsyncApiEndpoint(
            PubSub pubSub,
            ObjectProvider<PayloadSchemas> schemas,
            ObjectProvider<BuildProperties> build,
            Environment environment) {
        BuildProperties properties = build.getIfAvailable();
        String version = properties == null ? null : properties.getVersion();
        return new AsyncApiEndpoint(
                pubSub,
                schemas.getIfAvailable(() -> PayloadSchemas.NONE),
                environment.getProperty("spring.application.name", "application"),
                version == null ? "unknown" : version);
    }

    @Bean
    StrictArguments pubSubStrictArguments() {
        return new StrictArguments();
    }

    @Bean
    ExposureHint pubSubExposureHint(ObjectProvider<PubSubEndpoint> endpoint) {
        return new ExposureHint(endpoint);
    }

    /** What is told of the latest messages: kept only where it can be looked at. The engine finds it as a listener. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(endpoint = MessagesEndpoint.class)
    @Conditional(JourneysWanted.class)
    static class JourneyConfiguration {

        @Bean
        @ConditionalOnMissingBean
        Journeys pubSubJourneys(
                PubSubProperties properties,
                Environment environment,
                ObjectProvider<TimeSource> timeSource,
                ObjectProvider<Clock> clock) {
            return EngineFactory.journeys(properties, environment, EngineFactory.time(timeSource, clock));
        }
    }

    /** Unless their capacity is 0. */
    static final class JourneysWanted extends NoneNestedConditions {

        JourneysWanted() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty(name = "pubsub.journey.capacity", havingValue = "0")
        static final class CapacityIsZero {}
    }

    /** JSON schemas of payload types. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(
            name = {
                "com.github.victools.jsonschema.generator.SchemaGenerator",
                "com.github.victools.jsonschema.module.jackson.JacksonSchemaModule",
                "tools.jackson.databind.json.JsonMapper"
            })
    @ConditionalOnAvailableEndpoint(endpoint = AsyncApiEndpoint.class)
    static class SchemaConfiguration {

        @Bean
        @ConditionalOnMissingBean(PayloadSchemas.class)
        GeneratedSchemas pubSubPayloadSchemas() {
            return new GeneratedSchemas();
        }
    }

    /** Problem details for requests that Spring MVC refuses before an endpoint sees them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HandlerExceptionResolver.class)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {

        @Bean
        EndpointProblemResolver pubSubEndpointProblemResolver(ObjectProvider<PathMappedEndpoints> endpoints) {
            return new EndpointProblemResolver(() -> paths(endpoints));
        }
    }

    /** The same on WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class ReactiveConfiguration {

        @Bean
        EndpointProblemHandler pubSubEndpointProblemHandler(ObjectProvider<PathMappedEndpoints> endpoints) {
            return new EndpointProblemHandler(() -> paths(endpoints));
        }
    }

    private static List<String> paths(ObjectProvider<PathMappedEndpoints> endpoints) {
        return endpoints.stream()
                .flatMap(mapped -> IDS.stream().map(id -> mapped.getPath(EndpointId.of(id))))
                .filter(Objects::nonNull)
                .toList();
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
