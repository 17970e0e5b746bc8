package dev.pubsub.spring.autoconfigure;

import dev.pubsub.Execution;
import dev.pubsub.PubSub;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.journey.Journeys;
import dev.pubsub.resilience.ResilienceRegistries;
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
import dev.pubsub.spring.diagnostics.StartupFailures;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.settings.PubSubProperties.Transaction;
import dev.pubsub.spring.settings.SpecFactory;
import dev.pubsub.spring.settings.SubscriptionSettings;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Makes the engine of properties and beans. What is out of range fails under the name of its property. */
final class EngineFactory {

    private static final String MEMORY = "memory";

    private final PubSubProperties properties;
    private final SubscriptionSettings settings;
    private final PubSubBuilder builder = PubSubEngine.builder();

    EngineFactory(PubSubProperties properties, Environment environment) {
        this.properties = properties;
        this.settings = new SubscriptionSettings(environment);
        requireMemoryStore();
        publisher(properties.getPublisher());
        message(properties.getMessage());
        store(properties.getDeadLetterStore());
        set("pubsub.shutdown.timeout", "20s", properties.getShutdown().getTimeout(), builder::shutdownTimeout);
        SpecFactory.checkDefaults(settings);
        // Subscriptions whose execution is auto follow the application's.
        builder.execution(Threading.VIRTUAL.isActive(environment) ? Execution.VIRTUAL : Execution.PLATFORM);
    }

    /** The application's source of time, or its clock, or the system's. */
    static TimeSource time(ObjectProvider<TimeSource> timeSource, ObjectProvider<Clock> clock) {
        return timeSource.getIfAvailable(() -> {
            Clock wallClock = clock.getIfUnique();
            return wallClock == null ? TimeSource.system() : TimeSource.of(wallClock);
        });
    }

    /** What is kept of the latest messages, as the properties say. */
    static Journeys journeys(PubSubProperties properties, Environment environment, TimeSource time) {
        PubSubProperties.Journey journey = properties.getJourney();
        Consumer<Integer> capacity = value -> new Journeys(value, 1, time);
        Consumer<Integer> perMillisecond = value -> new Journeys(1, value, time);
        SubscriptionSettings settings = new SubscriptionSettings(environment);
        set(settings, "pubsub.journey.capacity", "1000", journey.getCapacity(), capacity);
        set(settings, "pubsub.journey.per-millisecond", "8", journey.getPerMillisecond(), perMillisecond);
        return new Journeys(journey.getCapacity(), journey.getPerMillisecond(), time);
    }

    void use(TimeSource timeSource, PayloadCodec codec, List<ThreadContext> threadContexts) {
        builder.timeSource(timeSource).payloadCodec(codec);
        threadContexts.forEach(builder::threadContext);
    }

    void use(@Nullable Scheduler scheduler, @Nullable DeadLetterStore store) {
        if (scheduler != null) {
            builder.scheduler(scheduler);
        }
        if (store != null) {
            builder.deadLetterStore(store);
        }
    }

    void use(@Nullable CircuitBreakerRegistry circuitBreakers, @Nullable RetryRegistry retries) {
        if (circuitBreakers != null || retries != null) {
            builder.resilience(ResilienceRegistries.of(circuitBreakers, retries));
        }
    }

    void use(@Nullable MessageTracer tracer) {
        if (tracer != null) {
            builder.messageTracer(tracer);
        }
    }

    void use(@Nullable EngineMetrics metrics, @Nullable CommitHook commitHook) {
        if (metrics != null) {
            builder.metrics(metrics);
        }
        if (properties.getPublisher().getTransaction() == Transaction.AFTER_COMMIT) {
            if (commitHook == null) {
                throw StartupFailures.noSpringTransactions();
            }
            builder.commitHook(commitHook);
        }
    }

    void use(List<SubscriptionListener> listeners) {
        listeners.forEach(builder::subscriptionListener);
    }

    void listen(List<MessageListener> listeners) {
        listeners.forEach(builder::messageListener);
    }

    PubSub build() {
        return builder.build();
    }

    /** The one that the property names; that within the process needs no bean. */
    void transport(List<Transport> transports) {
        String name = properties.getTransport();
        if (MEMORY.equalsIgnoreCase(name)) {
            return;
        }
        builder.transport(transports.stream()
                .filter(transport -> transport.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> StartupFailures.unknownTransport(name)));
    }

    private void requireMemoryStore() {
        if (!MEMORY.equalsIgnoreCase(properties.getDeadLetterStore().getType())) {
            throw StartupFailures.unknownDeadLetterStore(
                    properties.getDeadLetterStore().getType());
        }
    }

    private void publisher(PubSubProperties.Publisher publisher) {
        set("pubsub.publisher.max-concurrent", "256", publisher.getMaxConcurrent(), builder::maxConcurrentPublishes);
        set("pubsub.publisher.overflow", "block", publisher.getOverflow(), builder::overflow);
        set("pubsub.publisher.timeout", "5s", publisher.getTimeout(), builder::publishTimeout);
        set("pubsub.publisher.max-batch-size", "1000", publisher.getMaxBatchSize(), builder::maxBatchSize);
    }

    private void message(PubSubProperties.Message message) {
        set(
                "pubsub.message.max-payload-size",
                "1MB",
                message.getMaxPayloadSize(),
                size -> builder.maxPayloadSize(size.toBytes()));
        set("pubsub.message.max-headers", "64", message.getMaxHeaders(), builder::maxHeaders);
        set(
                "pubsub.message.max-header-size",
                "8KB",
                message.getMaxHeaderSize(),
                size -> builder.maxHeaderSize(bytes(size)));
    }

    private void store(PubSubProperties.DeadLetterStore store) {
        set("pubsub.dead-letter-store.capacity", "10000", store.getCapacity(), builder::deadLetterCapacity);
        set(
                "pubsub.dead-letter-store.retention",
                "7d",
                store.getRetention(),
                (Duration d) -> builder.deadLetterRetention(d));
    }

    private static int bytes(DataSize size) {
        if (size.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("it is " + size + "; it must be below 2GB");
        }
        return (int) size.toBytes();
    }

    private <V> void set(String property, String example, @Nullable V value, Consumer<V> setter) {
        set(settings, property, example, value, setter);
    }

    private static <V> void set(
            SubscriptionSettings settings, String property, String example, @Nullable V value, Consumer<V> setter) {
        try {
            if (value == null) {
                throw new IllegalArgumentException("it is empty");
            }
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw StartupFailures.invalidSetting(
                    property, settings.originOf(property), String.valueOf(e.getMessage()), example, e);
        }
    }
}
