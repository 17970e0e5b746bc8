package dev.pubsub.dispatch;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Execution;
import dev.pubsub.Ordering;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.deadletter.DeadLetterService;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.delivery.ContextCleaner;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.transport.memory.MemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Subscriptions without an engine, cheap enough to make one for each sample: the seam between the proofs and how the
 * parts of a subscription are tied to each other. What is shared here is not under test.
 */
public final class ProvenSubscription {

    /** The time of all of them. */
    public static final EngineTime TIME = new EngineTime(TimeSource.system());

    static final Scheduler NO_TIMERS = new Scheduler() {
        @Override
        public Cancellable schedule(Runnable task, long delayNanos) {
            return () -> {};
        }

        @Override
        public void close() {}
    };

    private static final RuntimeServices SERVICES = new RuntimeServices(
            TIME,
            NO_TIMERS,
            new WorkerThreads(Execution.PLATFORM),
            new Watchdog(TIME, NO_TIMERS),
            new DeadLetterService(
                    new MemoryDeadLetterStore(10, Duration.ofDays(1)), TIME, NO_TIMERS, id -> null, () -> true, null));
    private static final ResilienceRegistries RESILIENCE = ResilienceRegistries.of(null, null);
    private static final Map<String, DeliveryPipeline> PIPELINES = new ConcurrentHashMap<>();

    private ProvenSubscription() {}

    /** A subscription to topic {@code t} with so many places, at least 2, that is not started. */
    public static LiveSubscription live(String id, int places) {
        return live(spec(id, Ordering.NONE, places), gone -> {}, gone -> {});
    }

    /** A subscription that is not started, with what is to be called when it is closed. */
    public static LiveSubscription live(
            SubscriptionSpec<?> spec, Consumer<LiveSubscription> unroute, Consumer<LiveSubscription> remove) {
        return new LiveSubscription(runtime(spec), new CalledWhenClosed(unroute, remove), new MemoryTransport());
    }

    private record CalledWhenClosed(Consumer<LiveSubscription> routes, Consumer<LiveSubscription> ids)
            implements LiveSubscription.Registry {

        @Override
        public void unroute(LiveSubscription subscription) {
            routes.accept(subscription);
        }

        @Override
        public void remove(LiveSubscription subscription) {
            ids.accept(subscription);
        }
    }

    static SubscriptionRuntime runtime(SubscriptionSpec<?> spec) {
        return new SubscriptionRuntime(spec, pipeline(spec), new AttemptCounts(), SERVICES);
    }

    /** One worker at most, so that its places are one more than its queue's capacity. */
    public static SubscriptionSpec<Object> spec(String id, Ordering ordering, int places, String... patterns) {
        return SubscriptionSpec.builder(id, patterns.length == 0 ? new String[] {"t"} : patterns)
                .ordering(ordering)
                .concurrency(1)
                .queueCapacity(places - 1)
                .circuitBreaker(BreakerPolicy.disabled())
                .build();
    }

    static DeliveryPipeline pipeline(SubscriptionSpec<?> spec) {
        return PIPELINES.computeIfAbsent(
                spec.id(),
                id -> new DeliveryPipeline(
                        spec,
                        (message, delivery) -> {},
                        new PayloadConverter(spec.payloadType(), PayloadConverter.none()),
                        RESILIENCE.breaker(spec, TIME),
                        RESILIENCE.retry(spec),
                        new AttemptCounts(),
                        new ContextCleaner(List.of()),
                        TIME,
                        null));
    }
}
