package dev.pubsub.engine;

import dev.pubsub.Execution;
import dev.pubsub.PubSub;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.publish.MessageLimits;
import dev.pubsub.publish.PublishSettings;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spi.ThreadContext;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.spi.Transport;
import dev.pubsub.transport.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds an engine without Spring. Every setter throws {@link IllegalArgumentException} for what is out of range. Not
 * safe for use by several threads at once; may be used for several engines, unless a scheduler or a store was given.
 */
public final class PubSubBuilder {

    private int maxConcurrent = 256;
    private Overflow overflow = Overflow.BLOCK;
    private Duration publishTimeout = Duration.ofSeconds(5);
    private int maxBatchSize = 1_000;
    private long maxPayloadSize = 1 << 20;
    private int maxHeaders = 64;
    private int maxHeaderSize = 8 << 10;
    private Execution execution = Execution.PLATFORM;
    private Duration shutdownTimeout = Duration.ofSeconds(20);
    private int deadLetterCapacity = 10_000;
    private Duration deadLetterRetention = Duration.ofDays(7);
    private TimeSource timeSource = TimeSource.system();
    private PayloadCodec payloadCodec = PayloadConverter.none();
    private EngineMetrics metrics = NoMetrics.INSTANCE;
    private final List<ThreadContext> threadContexts = new ArrayList<>();
    private final List<SubscriptionListener> listeners = new ArrayList<>();
    private final List<MessageListener> messageListeners = new ArrayList<>();
    private Transport transport = new MemoryTransport();
    private @Nullable Scheduler scheduler;
    private @Nullable DeadLetterStore deadLetterStore;
    private @Nullable CommitHook commitHook;
    private @Nullable MessageTracer messageTracer;
    private @Nullable ResilienceRegistries resilience;

    PubSubBuilder() {}

    /** Publish calls in progress at most, 1 to 100,000; default 256. Publishes from handlers are not counted. */
    public PubSubBuilder maxConcurrentPublishes(int max) {
        this.maxConcurrent = range("publisher.max-concurrent", max, 1, 100_000);
        return this;
    }

    /** What a publish does where no slot or no room is free; default {@link Overflow#BLOCK}. */
    public PubSubBuilder overflow(Overflow overflow) {
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        return this;
    }

    /** How long a publish waits in all, above 0, at most 1 day; default 5 s. */
    public PubSubBuilder publishTimeout(Duration timeout) {
        this.publishTimeout = positive("publisher.timeout", timeout, Duration.ofDays(1));
        return this;
    }

    /** Messages of a batch at most, 1 to 1,000,000; default 1,000. */
    public PubSubBuilder maxBatchSize(int max) {
        this.maxBatchSize = range("publisher.max-batch-size", max, 1, 1_000_000);
        return this;
    }

    /** Bytes of a {@code byte[]} or (in UTF-8) String payload at most, 1 to 2 GiB; default 1 MiB. */
    public PubSubBuilder maxPayloadSize(long bytes) {
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "message.max-payload-size is " + bytes + " bytes; it must be from 1 to " + Integer.MAX_VALUE);
        }
        this.maxPayloadSize = bytes;
        return this;
    }

    /** Headers of a message at most, 0 to 10,000; default 64. */
    public PubSubBuilder maxHeaders(int max) {
        this.maxHeaders = range("message.max-headers", max, 0, 10_000);
        return this;
    }

    /** Bytes of a header's name and value (in UTF-8) at most, 1 to 16 MiB; default 8 KiB. */
    public PubSubBuilder maxHeaderSize(int bytes) {
        this.maxHeaderSize = range("message.max-header-size", bytes, 1, 16 << 20);
        return this;
    }

    /** What {@link Execution#AUTO} means; default platform threads, and {@code AUTO} means these here, too. */
    public PubSubBuilder execution(Execution execution) {
        this.execution =
                Objects.requireNonNull(execution, "execution") == Execution.AUTO ? Execution.PLATFORM : execution;
        return this;
    }

    /** The drain of {@link PubSub#close}, at least 0, at most 1 day; default 20 s. */
    public PubSubBuilder shutdownTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "shutdown.timeout");
        this.shutdownTimeout = timeout.isZero() ? timeout : positive("shutdown.timeout", timeout, Duration.ofDays(1));
        return this;
    }

    /** Dead letters kept at most, 1 to 10,000,000; default 10,000. */
    public PubSubBuilder deadLetterCapacity(int capacity) {
        this.deadLetterCapacity = range("dead-letter-store.capacity", capacity, 1, 10_000_000);
        return this;
    }

    /** How long a dead letter is kept, above 0; default 7 days. Checked when dead letters are touched. */
    public PubSubBuilder deadLetterRetention(Duration retention) {
        this.deadLetterRetention = positive("dead-letter-store.retention", retention, Duration.ofDays(36_500));
        return this;
    }

    /** Another store of dead letters than the one in memory; capacity and retention are its own affair then. */
    public PubSubBuilder deadLetterStore(DeadLetterStore store) {
        this.deadLetterStore = Objects.requireNonNull(store, "deadLetterStore");
        return this;
    }

    /** What carries the messages; default: they stay in this process. Closed with the engine. */
    public PubSubBuilder transport(Transport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return this;
    }

    /** Another source of time than the system's. */
    public PubSubBuilder timeSource(TimeSource timeSource) {
        this.timeSource = Objects.requireNonNull(timeSource, "timeSource");
        return this;
    }

    /** Another scheduler than the engine's own; closed with the engine. */
    public PubSubBuilder scheduler(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        return this;
    }

    /** Converts payloads to what handlers take; default: none are converted. */
    public PubSubBuilder payloadCodec(PayloadCodec codec) {
        this.payloadCodec = Objects.requireNonNull(codec, "payloadCodec");
        return this;
    }

    /** Admits what is published in a transaction after its commit; default: at once. */
    public PubSubBuilder commitHook(CommitHook hook) {
        this.commitHook = Objects.requireNonNull(hook, "commitHook");
        return this;
    }

    /** Follows messages to their handlers; default: nobody does, and it costs nothing. */
    public PubSubBuilder messageTracer(MessageTracer tracer) {
        this.messageTracer = Objects.requireNonNull(tracer, "messageTracer");
        return this;
    }

    /** Adds a context that is cleared after each attempt. */
    public PubSubBuilder threadContext(ThreadContext context) {
        this.threadContexts.add(Objects.requireNonNull(context, "threadContext"));
        return this;
    }

    /** Adds one who is told when a subscription is paused, resumed or quarantined, and of dead letters. */
    public PubSubBuilder subscriptionListener(SubscriptionListener listener) {
        this.listeners.add(Objects.requireNonNull(listener, "subscriptionListener"));
        return this;
    }

    /** Adds one that is told what becomes of each message; default: none, at no cost. */
    public PubSubBuilder messageListener(MessageListener listener) {
        this.messageListeners.add(Objects.requireNonNull(listener, "messageListener"));
        return this;
    }

    /** Where figures go; default: nowhere. */
    public PubSubBuilder metrics(EngineMetrics metrics) {
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        return this;
    }

    /** The application's Resilience4j registries; default: the engine's own. */
    public PubSubBuilder resilience(ResilienceRegistries registries) {
        this.resilience = Objects.requireNonNull(registries, "resilience");
        return this;
    }

    /**
     * An engine that is not started.
     *
     * @throws IllegalArgumentException if it is to run on virtual threads and there are none
     */
    public PubSub build() {
        return new PubSubEngine(new EngineParts(this));
    }

    EngineSettings settings() {
        return new EngineSettings(
                new PublishSettings(maxConcurrent, overflow == Overflow.BLOCK, publishTimeout.toNanos(), maxBatchSize),
                new MessageLimits(maxPayloadSize, maxHeaders, maxHeaderSize),
                execution,
                shutdownTimeout);
    }

    Transport transport() {
        return transport;
    }

    TimeSource timeSource() {
        return timeSource;
    }

    Scheduler scheduler() {
        return scheduler == null ? new SystemScheduler() : scheduler;
    }

    DeadLetterStore deadLetterStore() {
        if (deadLetterStore != null) {
            return deadLetterStore;
        }
        DeadLetterStore ofTransport = transport.deadLetterStore();
        return ofTransport == null ? new MemoryDeadLetterStore(deadLetterCapacity, deadLetterRetention) : ofTransport;
    }

    PayloadCodec payloadCodec() {
        return payloadCodec;
    }

    @Nullable
    CommitHook commitHook() {
        return commitHook;
    }

    @Nullable
    MessageTracer messageTracer() {
        return messageTracer;
    }

    List<ThreadContext> threadContexts() {
        return List.copyOf(threadContexts);
    }

    List<SubscriptionListener> subscriptionListeners() {
        return List.copyOf(listeners);
    }

    List<MessageListener> messageListeners() {
        return List.copyOf(messageListeners);
    }

    EngineMetrics metrics() {
        return metrics;
    }

    ResilienceRegistries resilience() {
        return resilience == null ? ResilienceRegistries.of(null, null) : resilience;
    }

    private static int range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + min + " to " + max);
        }
        return value;
    }

    private static Duration positive(String name, Duration value, Duration max) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero() || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be above 0 and at most " + max);
        }
        return value;
    }
}
