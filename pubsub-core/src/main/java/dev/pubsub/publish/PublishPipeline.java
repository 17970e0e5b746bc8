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
import dev.pubsub.dispatch.Intake;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import dev.pubsub.transport.memory.MemoryTransport;
import dev.pubsub.transport.memory.Targets;
import java.util.Collection;
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
    private final MemoryTransport transport;
    private final Acceptance acceptance;
    private final EngineTime time;
    private final EngineMetrics metrics;
    private final PublishCounts counts;
    private final @Nullable CommitHook commitHook;
    private final Executor pool;
    private final Slots slots;

    /** A pipeline; {@code commitHook} is null where messages are admitted at once. */
    public PublishPipeline(
            PublishSettings settings,
            MessageLimits limits,
            Router router,
            Acceptance acceptance,
            EngineTime time,
            EngineMetrics metrics,
            @Nullable CommitHook commitHook,
            Executor pool) {
        this.settings = settings;
        this.limits = limits;
        this.router = router;
        this.transport = new MemoryTransport();
        this.acceptance = acceptance;
        this.time = time;
        this.metrics = metrics;
        this.counts = new PublishCounts(metrics);
        this.commitHook = commitHook;
        this.pool = pool;
        this.slots = new Slots(settings.maxConcurrent());
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
            if (commitHook != null && isDeferred(message, tracker, new CommitPatience(this, mayWait))) {
                return PublishReceipt.of(message, -1);
            }
            return PublishReceipt.of(message, admit(message, route, tracker, mayWait, handler, start, null));
        } catch (PubSubException refusal) {
            counts.rejected(route, refusal, time.nanos() - start);
            throw refusal;
        }
    }

    void requireAccepting(boolean fromHandler) {
        if (!acceptance.accepts(fromHandler)) {
            throw new PubSubClosedException("The engine is stopped or closed and accepts no messages");
        }
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

    /**
     * Offers the message until every target has taken it, or waiting ends, and counts it then. The caller holds a slot
     * if it needs one.
     */
    int offer(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience waited) {
        Targets targets = route.targets(message);
        int copies = transport.offer(targets, message, waited == null ? start : time.nanos(), tracker);
        boolean atOnce = waited == null && copies >= 0;
        if (copies < 0) {
            copies = offerWaiting(
                    message, targets, tracker, waited == null ? patience(mayWait, handler, start) : waited, copies);
        }
        if (tracker != null) {
            tracker.admitted();
        }
        if (copies == 0) {
            requireAccepting(
                    handler != null); // all subscriptions are gone at once where the engine was closed meanwhile
        }
        if (atOnce) {
            counts.acceptedAtOnce(route, time, start);
        } else {
            counts.accepted(route, time, start);
        }
        return copies;
    }

    private int offerWaiting(
            Message<?> message, Targets targets, @Nullable DeliveryTracker tracker, Patience patience, int refusal) {
        int copies = refusal;
        try {
            while (copies < 0) {
                patience.awaitRoom(withoutRoom(targets, -copies - 1));
                copies = transport.offer(targets, message, time.nanos(), tracker);
            }
            return copies;
        } finally {
            patience.passOn(null);
        }
    }

    /** Whom to wait for; a handler whose own subscription has no room is to learn of that first, and at once. */
    private static Intake withoutRoom(Targets targets, int found) {
        for (int i = 0; i < targets.size(); i++) {
            Intake intake = targets.intake(i);
            if (intake.isCallersOwn() && intake.wouldRefuse()) {
                return intake;
            }
        }
        return targets.intake(found);
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

    boolean blocks() {
        return settings.blocks();
    }

    EngineTime time() {
        return time;
    }

    PublishCounts counts() {
        return counts;
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
    boolean isDeferred(Message<?> message, @Nullable DeliveryTracker tracker, CommitPatience patience) {
        if (commitHook == null) {
            return false;
        }
        Runnable admit = () -> new CommittedPublish(this, message, tracker, patience).admit();
        Runnable drop = () -> {
            if (tracker != null) {
                tracker.drop();
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
