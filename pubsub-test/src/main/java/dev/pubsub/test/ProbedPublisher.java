package dev.pubsub.test;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.Publisher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes by the engine, unless a stub answers. */
final class ProbedPublisher implements Publisher {

    private final Publisher engine;
    private final PublishStubs stubs;
    private final Journal journal;

    ProbedPublisher(Publisher engine, PublishStubs stubs, Journal journal) {
        this.engine = engine;
        this.stubs = stubs;
        this.journal = journal;
    }

    @Override
    public PublishReceipt publish(String topic, Object payload) {
        Function<Message<?>, PublishReceipt> stub = stubs.answerFor(topic);
        return stub == null
                ? published(() -> engine.publish(topic, payload))
                : answer(stub, Message.of(topic, payload));
    }

    @Override
    public PublishReceipt publish(String topic, @Nullable String key, Object payload) {
        Function<Message<?>, PublishReceipt> stub = stubs.answerFor(topic);
        return stub == null
                ? published(() -> engine.publish(topic, key, payload))
                : answer(stub, Message.of(topic, key, payload));
    }

    @Override
    public PublishReceipt publish(Message<?> message) {
        Function<Message<?>, PublishReceipt> stub = stubFor(message);
        return stub == null ? published(() -> engine.publish(message)) : answer(stub, message);
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(Message<?> message) {
        Function<Message<?>, PublishReceipt> stub = stubFor(message);
        if (stub == null) {
            return published(() -> engine.publishAsync(message));
        }
        try {
            return CompletableFuture.completedFuture(answer(stub, message));
        } catch (PubSubException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public CompletableFuture<DeliveryReport> deliver(Message<?> message) {
        Function<Message<?>, PublishReceipt> stub = stubFor(message);
        if (stub == null) {
            return published(() -> engine.deliver(message));
        }
        try {
            answer(stub, message);
            return CompletableFuture.completedFuture(DeliveryReport.of(message, Map.of()));
        } catch (PubSubException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public BatchReceipt publishAll(Collection<? extends Message<?>> messages) {
        if (messages == null || stubs.isEmpty()) {
            return published(() -> engine.publishAll(messages));
        }
        List<BatchReceipt.Item> items = new ArrayList<>();
        for (Message<?> message : messages) {
            items.add(publishItem(items.size(), message));
        }
        return BatchReceipt.of(items);
    }

    private BatchReceipt.Item publishItem(int index, Message<?> message) {
        try {
            publish(message);
            return BatchReceipt.Item.accepted(index, message);
        } catch (PubSubException refusal) {
            return BatchReceipt.Item.rejected(index, message, refusal);
        }
    }

    private @Nullable Function<Message<?>, PublishReceipt> stubFor(@Nullable Message<?> message) {
        return message == null ? null : stubs.answerFor(message.topic());
    }

    private PublishReceipt answer(Function<Message<?>, PublishReceipt> stub, Message<?> message) {
        try {
            PublishReceipt receipt = stub.apply(message);
            journal.stubbed(message, null);
            return receipt;
        } catch (PubSubException refusal) {
            journal.stubbed(message, refusal);
            throw refusal;
        }
    }

    private <R> R published(Supplier<R> call) {
        return journal.whilePublishing(call);
    }
}
