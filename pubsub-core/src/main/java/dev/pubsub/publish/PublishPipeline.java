package dev.pubsub.publish;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeliveryReport;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.Publisher;
import dev.pubsub.delivery.Attempt;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.DirectSender;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.MessageTracer.Publication;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Sender;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of a publish: accept at all, validate, route, (after the commit,) admit, offer. {@link #admit} is the one way
 * in. Safe for use by any thread; its only state is the slots and the counts.
 */
public final class PublishPipeline implements Publisher {

    private final PublishSettings settings;
    private final MessageLimits limits;
    private final Router router;
    private final Offer offer;
    private final @Nullable AsyncPublish async;
    private final Acceptance acceptance;
    private final EngineTime time;
    private final EngineMetrics metrics;
    private final PublishCounts counts;
    private final @Nullable CommitHook commitHook;
    private final @Nullable MessageListener listener;
    private final @Nullable MessageTracer tracer;
    private final Executor pool;
    private final Slots slots;

    /**
     * A pipeline; {@code commitHook} is null where messages are admitted at once, {@code listener}, which throws
     * nothing, where nobody listens, and {@code tracer} where nobody follows them.
     */
    public PublishPipeline(
            PublishSettings settings,
            MessageLimits limits,
            Router router,
            Sender sender,
            PayloadCodec codec,
            Acceptance acceptance,
            EngineTime time,
            EngineMetrics metrics,
            @Nullable CommitHook commitHook,
            @Nullable MessageListener listener,
            @Nullable MessageTracer tracer,
            Executor pool) {
        this.settings = settings;
        this.limits = limits;
        this.router = router;
        this.acceptance = acceptance;
        this.time = time;
        this.metrics = metrics;
        this.counts = new PublishCounts(metrics, sender instanceof DirectSender);
        this.commitHook = commitHook;
        this.listener = listener;
        this.tracer = tracer;
        this.pool = pool;
        this.slots = new Slots(settings.maxConcurrent());
        if (sender instanceof DirectSender direct) {
            this.offer = new DirectOffer(this, direct);
            this.async = null;
        } else {
            RemoteOffer remote = new RemoteOffer(this, (RemoteSender) sender, codec, limits);
            this.offer = remote;
            this.async = new AsyncPublish(this, remote, pool);
        }
    }

    @Override
    public PublishReceipt publish(String topic, Object payload) {
        return publish(topic, null, payload);
    }

    @Override
    public PublishReceipt publish(String topic, @Nullable String key, Object payload) {
        long start = time.nanos();
        return publish(message(topic, key, payload, start), null, settings.blocks(), start);
    }

    @Override
    public PublishReceipt publish(Message<?> message) {
        return publish(message, null, settings.blocks(), time.nanos());
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(Message<?> message) {
        if (async != null && message != null) {
            return async.publish(message);
        }
        try {
            return CompletableFuture.completedFuture(publish(message, null, false, time.nanos()));
        } catch (PubSubException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public CompletableFuture<DeliveryReport> deliver(Message<?> message) {
        if (message == null) {
            return CompletableFuture.failedFuture(refuseNull());
        }
        if (async != null) {
            return CompletableFuture.failedFuture(new PubSubException(
                    "The transport cannot tell when a message is settled, so it cannot be delivered; publish it instead",
                    null));
        }
        DeliveryTracker tracker = new DeliveryTracker(message, pool);
        try {
            publish(message, tracker, settings.blocks(), time.nanos());
            return tracker.future();
        } catch (PubSubException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public BatchReceipt publishAll(Collection<? extends Message<?>> messages) {
        return new BatchPublish(this, settings.maxBatchSize()).publish(messages);
    }

    private Message<Object> message(String topic, @Nullable String key, Object payload, long now) {
        try {
            return Message.stamped(topic, key, payload, time.millisAt(now));
        } catch (InvalidMessageException invalid) {
            counts.rejected(null, invalid, 0);
            throw invalid;
        }
    }

    private InvalidMessageException refuseNull() {
        InvalidMessageException refusal = new InvalidMessageException("The message is null");
        counts.rejected(null, refusal, 0);
        return refusal;
    }

    private PublishReceipt publish(Message<?> message, @Nullable DeliveryTracker tracker, boolean mayWait, long start) {
        if (message == null) {
            throw refuseNull();
        }
        Route route = null;
        try {
            Slot handler = Slot.ofHandlerThread(time);
            requireAccepting(handler != null);
            route = validate(message);
            Publication publication = trace(message, route);
            if (publication != null) {
                CommitPatience patience = new CommitPatience(this, mayWait);
                int copies = TracedPublish.run(
                        publication,
                        route,
                        (traced, to) -> isDeferred(message, tracker, patience, publication)
                                ? TracedPublish.DEFERRED
                                : admit(traced, to, tracker, mayWait, handler, start, null));
                return PublishReceipt.of(message, Math.max(copies, -1));
            }
            if (commitHook != null && isDeferred(message, tracker, new CommitPatience(this, mayWait), null)) {
                return PublishReceipt.of(message, -1);
            }
            return PublishReceipt.of(message, admit(message, route, tracker, mayWait, handler, start, null));
        } catch (PubSubException refusal) {
            counts.rejected(route, refusal, time.nanos() - start);
            tellRefused(message, refusal);
            throw refusal;
        }
    }

    void requireAccepting(boolean fromHandler) {
        if (!acceptance.accepts(fromHandler)) {
            throw new PubSubClosedException("The engine is stopped or closed and accepts no messages");
        }
    }

    /** Whether messages are accepted, be it from handlers only. */
    boolean accepts() {
        return acceptance.accepts(true);
    }

    /** Checks a message against every rule and limit; answers where it goes. */
    Route validate(Message<?> message) {
        Route route = router.route(message.topic());
        limits.check(message);
        return route;
    }

    private int admit(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience given) {
        Patience patience = given;
        if (handler == null && !slots.tryAcquire()) {
            patience = patience == null ? patience(mayWait, null, start) : patience;
            patience.awaitSlot(slots);
        }
        try {
            return offer(message, route, tracker, mayWait, handler, start, patience);
        } finally {
            if (handler == null) {
                slots.release();
            }
        }
    }

    /** Hands an admitted message over. The caller holds a slot if it needs one. */
    int offer(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience waited) {
        return offer.offer(message, route, tracker, mayWait, handler, start, waited);
    }

    /** Whether the listener wants to hear of the message. */
    boolean isFollowed(Message<?> message) {
        return listener != null && listener.follows(message);
    }

    void tellAccepted(Message<?> message, List<String> takers, List<String> filtered) {
        if (listener != null) {
            listener.accepted(message, List.copyOf(takers), filtered);
        }
    }

    void tellRefused(@Nullable Message<?> message, PubSubException refusal) {
        if (listener != null && message != null) {
            listener.refused(message, refusal);
        }
    }

    Patience patience(boolean mayWait, @Nullable Slot handler, long start) {
        long budget = settings.timeoutNanos();
        if (handler != null) {
            Attempt attempt = handler.current();
            budget = Math.min(budget, attempt == null ? 0 : attempt.remainingNanos() / 2);
        }
        boolean waits = mayWait && acceptance.delivers();
        return new Patience(time, metrics, acceptance, waits, handler != null, start, budget);
    }

    // ---- for batches, and for what is admitted after a commit

    /** Null where messages go straight to the subscriptions. */
    @Nullable
    RemoteOffer remote() {
        return offer instanceof RemoteOffer remote ? remote : null;
    }

    boolean blocks() {
        return settings.blocks();
    }

    EngineTime time() {
        return time;
    }

    PublishCounts counts() {
        return counts;
    }

    /** Null where nobody follows the message. */
    @Nullable
    Publication trace(Message<?> message, Route route) {
        return tracer == null ? null : tracer.publish(message, route.template());
    }

    void acquireSlot(Patience patience) {
        if (!slots.tryAcquire()) {
            patience.awaitSlot(slots);
        }
    }

    void releaseSlot() {
        slots.release();
    }

    /** Whether a transaction keeps the message until it has ended. */
    boolean isDeferred(
            Message<?> message,
            @Nullable DeliveryTracker tracker,
            CommitPatience patience,
            @Nullable Publication publication) {
        if (commitHook == null) {
            return false;
        }
        Runnable admit = () -> new CommittedPublish(this, message, tracker, patience, publication).admit();
        Runnable drop = () -> {
            if (tracker != null) {
                tracker.drop();
            }
            if (publication != null) {
                publication.dropped();
            }
        };
        try {
            return commitHook.afterCommit(admit, drop);
        } catch (RuntimeException foreign) {
            throw new PubSubException(
                    "The surrounding transaction could not be joined: " + SafeText.of(foreign), foreign);
        }
    }

    /** Admits a message whose transaction has committed. */
    int admitCommitted(
            Message<?> message, Route route, @Nullable DeliveryTracker tracker, CommitPatience patience, long start) {
        Slot handler = Slot.ofHandlerThread(time);
        requireAccepting(handler != null);
        return admit(message, route, tracker, false, handler, start, patience.from(handler, start));
    }

    /** Publish calls in progress, those of handlers not counted. */
    public int inFlight() {
        return slots.taken();
    }

    /** How many there may be. */
    public int limit() {
        return slots.limit();
    }

    /** Messages accepted so far. */
    public long accepted() {
        return counts.accepted();
    }

    /** Messages refused so far. */
    public long rejected() {
        return counts.rejected();
    }

    /** Messages accepted so far that no subscription matched. */
    public long unrouted() {
        return counts.unrouted();
    }
}
