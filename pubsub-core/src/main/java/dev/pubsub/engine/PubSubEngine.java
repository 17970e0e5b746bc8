package dev.pubsub.engine;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeadLetters;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PublishReceipt;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The engine: its parts, put together by {@link PubSubBuilder}. Safe for use by any thread. */
public final class PubSubEngine implements PubSub {

    private final EngineParts parts;

    PubSubEngine(EngineParts parts) {
        this.parts = parts;
    }

    /** A builder with the built-in defaults. */
    public static PubSubBuilder builder() {
        return new PubSubBuilder();
    }

    @Override
    public PublishReceipt publish(String topic, Object payload) {
        return parts.publishing().publish(topic, payload);
    }

    @Override
    public PublishReceipt publish(String topic, @Nullable String key, Object payload) {
        return parts.publishing().publish(topic, key, payload);
    }

    @Override
    public PublishReceipt publish(Message<?> message) {
        return parts.publishing().publish(message);
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(Message<?> message) {
        return parts.publishing().publishAsync(message);
    }

    @Override
    public BatchReceipt publishAll(Collection<? extends Message<?>> messages) {
        return parts.publishing().publishAll(messages);
    }

    @Override
    public CompletableFuture<DeliveryReport> deliver(Message<?> message) {
        return parts.publishing().deliver(message);
    }

    @Override
    public <T> Subscription subscribe(SubscriptionSpec<T> spec, MessageHandler<? super T> handler) {
        return parts.subscribe(Objects.requireNonNull(spec, "spec"), Objects.requireNonNull(handler, "handler"));
    }

    @Override
    public Optional<Subscription> subscription(String id) {
        return Optional.ofNullable(parts.router().find(Objects.requireNonNull(id, "id")));
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.copyOf(parts.router().all());
    }

    @Override
    public DeadLetters deadLetters() {
        return parts.deadLetters();
    }

    @Override
    public PubSubSnapshot snapshot() {
        return parts.snapshot();
    }

    @Override
    public void start() {
        parts.lifecycle().start();
    }

    @Override
    public void stop(Duration drain) {
        parts.lifecycle().stop(Objects.requireNonNull(drain, "drain"));
    }

    @Override
    public void close() {
        parts.close();
    }
}
