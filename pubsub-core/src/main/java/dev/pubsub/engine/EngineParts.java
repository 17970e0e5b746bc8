package dev.pubsub.engine;

import dev.pubsub.Execution;
import dev.pubsub.MessageHandler;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PubSubSnapshot.PublisherFigures;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.deadletter.DeadLetterService;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.deadletter.ReplayTarget;
import dev.pubsub.delivery.ContextCleaner;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.AttemptCounts;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.dispatch.RuntimeServices;
import dev.pubsub.dispatch.SubscriptionRuntime;
import dev.pubsub.dispatch.Watchdog;
import dev.pubsub.dispatch.WorkerThreads;
import dev.pubsub.publish.PublishPipeline;
import dev.pubsub.publish.Router;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineReadings;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.Transport;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of an engine and how they are tied to each other. Immutable; the parts are safe for use by any thread. */
final class EngineParts implements EngineReadings {

    private static final Logger log = LoggerFactory.getLogger(EngineParts.class);

    private final EngineSettings settings;
    private final EngineTime time;
    private final EngineMetrics metrics;
    private final @Nullable MessageListener listener;
    private final ResilienceRegistries resilience;
    private final PayloadCodec codec;
    private final PayloadConverter anyPayload;
    private final ContextCleaner context;
    private final @Nullable MessageTracer tracer;
    private final Transport transport;
    private final Scheduler scheduler;
    private final WorkerThreads threads;
    private final Router router;
    private final Lifecycle lifecycle;
    private final DeadLetterService deadLetters;
    private final IntSupplier deadLetterCount;
    private final RuntimeServices services;
    private final PublishPipeline publishing;
    private final LedgerCheck ledgerCheck = new LedgerCheck();

    EngineParts(PubSubBuilder builder) {
        this.settings = builder.settings();
        this.time = new EngineTime(builder.timeSource());
        this.metrics = GuardedMetrics.of(builder.metrics());
        this.listener = GuardedListeners.of(builder.messageListeners());
        this.resilience = builder.resilience();
        this.transport = builder.transport();
        this.codec = builder.payloadCodec();
        this.anyPayload = new PayloadConverter(Object.class, codec);
        this.context = new ContextCleaner(builder.threadContexts());
        this.tracer = builder.messageTracer();
        this.threads = new WorkerThreads(settings.execution());
        this.scheduler = builder.scheduler();
        this.router = new Router(metrics);
        this.lifecycle = new Lifecycle(router, time, threads.executor(Execution.PLATFORM));
        DeadLetterStore store = builder.deadLetterStore();
        this.deadLetters =
                new DeadLetterService(store, time, scheduler, this::replayTarget, this::acceptsFromCaller, tracer);
        this.deadLetterCount = store.getClass() == MemoryDeadLetterStore.class // our own, which cannot hang
                ? deadLetters::size
                : new DeadLetterCount(deadLetters::size, threads.completions())::now;
        this.services = new RuntimeServices(
                time, scheduler, threads, new Watchdog(time, scheduler), deadLetters, builder.subscriptionListeners());
        this.publishing = new PublishPipeline(
                settings.publishing(),
                settings.limits(),
                router,
                transport.sender(),
                codec,
                lifecycle,
                time,
                metrics,
                builder.commitHook(),
                listener,
                tracer,
                threads.completions());
        metrics.bind(this);
    }

    PublishPipeline publishing() {
        return publishing;
    }

    Router router() {
        return router;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    DeadLetterService deadLetters() {
        return deadLetters;
    }

    Subscription subscribe(SubscriptionSpec<?> spec, MessageHandler<?> handler) {
        new CapabilityCheck(transport).require(spec, router::all);
        threads.requireAvailable(spec.execution(), "Subscription '" + spec.id() + "'");
        AttemptCounts counts = new AttemptCounts(listener);
        DeliveryPipeline pipeline = new DeliveryPipeline(
                spec,
                handler,
                spec.payloadType() == Object.class ? anyPayload : new PayloadConverter(spec.payloadType(), codec),
                resilience.breaker(spec, time),
                resilience.retry(spec),
                counts,
                context,
                time,
                tracer == null ? null : tracer.subscription(spec));
        SubscriptionRuntime runtime = new SubscriptionRuntime(spec, pipeline, counts, services);
        return lifecycle.add(spec.id(), () -> new LiveSubscription(runtime, router, transport), subscription -> {
            pipeline.breaker().announce();
            counts.bind(metrics.subscription(spec.id(), subscription.reader()));
        });
    }

    private boolean acceptsFromCaller() {
        return lifecycle.accepts(Slot.ofHandlerThread(time) != null);
    }

    private @Nullable ReplayTarget replayTarget(String subscriptionId) {
        return router.find(subscriptionId);
    }

    PubSubSnapshot snapshot() {
        List<SubscriptionFigures> subscriptions =
                router.all().stream().map(one -> one.reader().figures()).toList();
        Ledger ledger = ledgerCheck.isBalanced(router::all, subscriptions) ? Ledger.BALANCED : Ledger.DRIFT;
        return new PubSubSnapshot(
                lifecycle.state(),
                transport.name(),
                new PublisherFigures(
                        publishing.inFlight(),
                        publishing.limit(),
                        publishing.accepted(),
                        publishing.rejected(),
                        publishing.unrouted()),
                subscriptions,
                deadLetterCount.getAsInt(),
                ledger);
    }

    void close() {
        lifecycle.close(settings.shutdownTimeout(), () -> {
            deadLetters.close();
            closeTransport();
            metrics.close();
            closeScheduler();
            threads.close();
        });
    }

    private void closeTransport() {
        try {
            transport.close();
        } catch (RuntimeException | Error thrown) {
            log.error("Transport '{}' could not be closed: {}", transport.name(), SafeText.of(thrown));
        }
    }

    /** It may be the application's, which may fail; the engine ends all the same. */
    private void closeScheduler() {
        try {
            scheduler.close();
        } catch (RuntimeException | Error thrown) {
            log.error("The scheduler could not be closed: {}", SafeText.of(thrown));
        }
    }

    @Override
    public int publishInFlight() {
        return publishing.inFlight();
    }

    @Override
    public int deadLetterCount() {
        return deadLetterCount.getAsInt();
    }
}
