package dev.pubsub.spring.handler;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * A single-valued publisher as a future whose cancellation cancels the subscription. Apart, so that it loads only with
 * Reactive Streams.
 */
final class PublisherStage extends CompletableFuture<@Nullable Object> implements Subscriber<Object> {

    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

    private PublisherStage() {}

    static PublisherStage of(Publisher<?> publisher) {
        PublisherStage stage = new PublisherStage();
        publisher.subscribe(stage);
        return stage;
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (!subscription.compareAndSet(null, s) || isCancelled()) {
            s.cancel();
            return;
        }
        s.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object value) {
        // The value is of no use; what counts is that it ends.
    }

    @Override
    public void onError(Throwable failure) {
        completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        complete(null);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Subscription s = subscription.get();
        if (cancelled && s != null) {
            s.cancel();
        }
        return cancelled;
    }
}
