package dev.pubsub.dispatch;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Follows the copies of one {@code deliver}. Copies report from whichever thread settles them; the last one completes
 * the future, on the engine's pool.
 *
 * <p>Cancelling sets {@code cancelled} first and then discards what waits, under each subscription's lock; a copy that
 * is about to wait again looks at {@code cancelled} under that same lock, and tells of its successor there. So one of
 * the two sees the other. A future that was handed out before the message was admitted, in a transaction, may be
 * cancelled at any moment: then copies that are being handed over are left to {@link #admitted}.
 */
public final class DeliveryTracker {

    private final Message<?> message;
    private final Executor pool;
    private final TrackedFuture future = new TrackedFuture();
    private final AtomicInteger unsettled = new AtomicInteger();
    private final Map<SubscriptionRuntime, Copy> copies = new ConcurrentHashMap<>();
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private volatile boolean cancelled;
    private volatile boolean admitted;

    /** Follows the copies of this message; the pool must refuse nothing. */
    public DeliveryTracker(Message<?> message, Executor pool) {
        this.message = message;
        this.pool = pool;
    }

    /** The future to hand out. */
    public CompletableFuture<DeliveryReport> future() {
        return future;
    }

    /** So many copies were accepted; before the first of them is handed over. */
    public void expect(int count) {
        unsettled.set(count);
        if (count == 0) {
            future.complete(DeliveryReport.of(message, Map.of()));
        }
    }

    /** The message was refused after its transaction had committed. */
    public void refused(PubSubException refusal) {
        pool.execute(() -> future.completeExceptionally(refusal));
    }

    /** The message's transaction was rolled back: it will never be delivered. */
    public void drop() {
        pool.execute(() -> future.cancel(false));
    }

    /** One of the expected copies was not taken after all. */
    public void expectOneLess() {
        if (unsettled.decrementAndGet() == 0) {
            complete();
        }
    }

    /** All copies were handed over. */
    public void admitted() {
        admitted = true;
        if (cancelled) {
            discardWaiting();
        }
    }

    /** Whether the caller has lost interest. */
    public boolean isCancelled() {
        return cancelled;
    }

    void handedOver(SubscriptionRuntime runtime, Copy copy) {
        copies.put(runtime, copy);
    }

    /** Its copy there, at its latest attempt; under that subscription's lock. */
    @Nullable
    Copy copyIn(SubscriptionRuntime runtime) {
        return copies.get(runtime);
    }

    void moved(Copy from, Copy to) {
        copies.replaceAll((runtime, copy) -> copy == from ? to : copy);
    }

    void settled(SubscriptionRuntime runtime, Outcome outcome) {
        copies.remove(runtime);
        outcomes.put(runtime.id(), outcome);
        if (unsettled.decrementAndGet() == 0) {
            complete();
        }
    }

    private void complete() {
        DeliveryReport report = DeliveryReport.of(message, outcomes);
        pool.execute(() -> future.complete(report));
    }

    private void cancel() {
        cancelled = true;
        if (admitted) {
            discardWaiting();
        }
    }

    private void discardWaiting() {
        copies.keySet().forEach(runtime -> runtime.direct().discardWaiting(this));
    }

    /** Cancelling it is a wish to the engine, too. */
    private final class TrackedFuture extends CompletableFuture<DeliveryReport> {

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean effective = super.cancel(mayInterruptIfRunning);
            if (effective) {
                DeliveryTracker.this.cancel();
            }
            return effective;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }
}
