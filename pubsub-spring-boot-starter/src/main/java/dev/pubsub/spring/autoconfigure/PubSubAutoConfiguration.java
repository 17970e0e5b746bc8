package dev.pubsub.spring.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spi.ThreadContext;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.spi.Transport;
import dev.pubsub.spring.conversion.ConversionServices;
import dev.pubsub.spring.conversion.SpringPayloadCodec;
import dev.pubsub.spring.handler.HandlerRuntimeHints;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.subscriptions.SubscribeMethodProcessor;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * The engine, its lifecycle, and the discovery of {@link dev.pubsub.spring.Subscribe}. Knows nothing of metrics,
 * tracing, health, endpoints and transactions; what those contribute arrives as beans.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
            "io.github.resilience4j.springboot3.retry.autoconfigure.RetryAutoConfiguration"
        })
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
@ImportRuntimeHints({PubSubRuntimeHints.class, HandlerRuntimeHints.class})
public final class PubSubAutoConfiguration {

    PubSubAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(PubSub.class)
    PubSub pubSub(
            PubSubProperties properties,
            Environment environment,
            ConfigurableBeanFactory beans,
            PayloadCodec codec,
            ObjectProvider<TimeSource> timeSource,
            ObjectProvider<Clock> clock,
            ObjectProvider<Scheduler> scheduler,
            ObjectProvider<DeadLetterStore> deadLetterStore,
            ObjectProvider<Transport> transports,
            ObjectProvider<EngineMetrics> metrics,
            ObjectProvider<MessageTracer> messageTracer,
            ObjectProvider<CommitHook> commitHook,
            ObjectProvider<MessageListener> messageListeners,
            ObjectProvider<ThreadContext> threadContexts,
            ObjectProvider<SubscriptionListener> listeners,
            ObjectProvider<CircuitBreakerRegistry> circuitBreakers,
            ObjectProvider<RetryRegistry> retries) {
        EngineFactory factory = new EngineFactory(properties, environment);
        ClassLoader loader =
                Objects.requireNonNullElse(beans.getBeanClassLoader(), PubSubAutoConfiguration.class.getClassLoader());
        factory.use(
                EngineFactory.time(timeSource, clock),
                codec,
                Stream.concat(threadContexts.orderedStream(), HandlerThreads.contexts(loader).stream())
                        .toList());
        factory.use(scheduler.getIfAvailable(), deadLetterStore.getIfAvailable());
        factory.transport(transports.orderedStream().toList());
        factory.use(circuitBreakers.getIfUnique(), retries.getIfUnique());
        factory.use(messageTracer.getIfAvailable());
        factory.use(metrics.getIfAvailable(), commitHook.getIfAvailable());
        factory.use(listeners.orderedStream().toList());
        factory.listen(messageListeners.orderedStream().toList());
        return factory.build();
    }

    @Bean
    @ConditionalOnMissingBean
    SubscribeMethodProcessor subscribeMethodProcessor(
            ObjectProvider<PubSub> pubSub, ObjectProvider<PayloadCodec> codec, ObjectProvider<Transport> transports) {
        return new SubscribeMethodProcessor(pubSub, codec, transports);
    }

    /** Of the engine of this context only: a parent starts and stops its own. */
    @Bean
    @ConditionalOnBean(value = PubSub.class, search = SearchStrategy.CURRENT)
    @ConditionalOnMissingBean
    PubSubLifecycle pubSubLifecycle(
            PubSub pubSub, SubscribeMethodProcessor processor, PubSubProperties properties, Environment environment) {
        Duration phase = environment.getProperty(
                "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30));
        return new PubSubLifecycle(pubSub, processor, properties.getShutdown().getTimeout(), phase);
    }

    /** Without Jackson; with it, {@link PubSubJacksonAutoConfiguration} comes first. */
    @Bean
    @ConditionalOnMissingBean(PayloadCodec.class)
    SpringPayloadCodec pubSubPayloadCodec(ConfigurableBeanFactory beans) {
        return SpringPayloadCodec.withoutJackson(ConversionServices.of(beans));
    }
}
