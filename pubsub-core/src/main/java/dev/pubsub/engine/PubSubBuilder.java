package dev.pubsub.engine;

import dev.pubsub.Execution;
import dev.pubsub.PubSub;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.ThreadContext;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;

/** Skeleton of the builder's signatures. */
public final class PubSubBuilder {
    PubSubBuilder() {}
    public PubSubBuilder maxConcurrentPublishes(int n) { return this; }
    public PubSubBuilder overflow(Overflow overflow) { return this; }
    public PubSubBuilder publishTimeout(Duration d) { return this; }
    public PubSubBuilder maxBatchSize(int n) { return this; }
    public PubSubBuilder maxPayloadSize(long bytes) { return this; }
    public PubSubBuilder maxHeaders(int n) { return this; }
    public PubSubBuilder maxHeaderSize(int bytes) { return this; }
    public PubSubBuilder execution(Execution e) { return this; }
    public PubSubBuilder shutdownTimeout(Duration d) { return this; }
    public PubSubBuilder deadLetterCapacity(int n) { return this; }
    public PubSubBuilder deadLetterRetention(Duration d) { return this; }
    public PubSubBuilder timeSource(TimeSource t) { return this; }
    public PubSubBuilder scheduler(Scheduler s) { return this; }
    public PubSubBuilder payloadCodec(PayloadCodec c) { return this; }
    public PubSubBuilder commitHook(CommitHook h) { return this; }
    public PubSubBuilder threadContext(ThreadContext c) { return this; }
    public PubSubBuilder metrics(EngineMetrics m) { return this; }
    public PubSubBuilder resilience(ResilienceRegistries r) { return this; }
    public PubSub build() { throw new UnsupportedOperationException(); }
}
