package dev.pubsub.publish;

import dev.pubsub.BatchReceipt;
import dev.pubsub.BatchReceipt.Item;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.delivery.Slot;
import dev.pubsub.spi.MessageTracer.Publication;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a batch in its order, with one slot and one time to wait for all of it; each message is accepted on its
 * own.
 */
final class BatchPublish {

    private final PublishPipeline pipeline;
    private final int maxSize;

    BatchPublish(PublishPipeline pipeline, int maxSize) {
        this.pipeline = pipeline;
        this.maxSize = maxSize;
    }

    BatchReceipt publish(Collection<? extends Message<?>> batch) {
        long start = pipeline.time().nanos();
        Slot handler = Slot.ofHandlerThread(pipeline.time());
        Patience patience = pipeline.patience(pipeline.blocks(), handler, start);
        List<@Nullable Message<?>> messages = List.of();
        try {
            messages = copyOf(batch);
            pipeline.requireAccepting(handler != null);
            if (handler == null) {
                pipeline.acquireSlot(patience);
            }
        } catch (PubSubException refusal) {
            pipeline.counts().rejected(null, refusal, pipeline.time().nanos() - start);
            messages.forEach(message -> pipeline.tellRefused(message, refusal));
            throw refusal;
        }
        try {
            RemoteOffer remote = pipeline.remote();
            if (remote != null) {
                return BatchReceipt.of(new RemoteBatch(pipeline, remote, handler, patience).publish(messages));
            }
            List<Item> items = new ArrayList<>(messages.size());
            CommitPatience afterCommit = new CommitPatience(pipeline, pipeline.blocks());
            for (Message<?> message : messages) {
                items.add(publish(items.size(), message, handler, patience, afterCommit));
            }
            return BatchReceipt.of(items);
        } finally {
            if (handler == null) {
                pipeline.releaseSlot();
            }
        }
    }

    /** A copy, since a collection may change while it is read, and may hold nulls. */
    private List<@Nullable Message<?>> copyOf(Collection<? extends @Nullable Message<?>> batch) {
        if (batch == null) {
            throw new InvalidMessageException("The batch is null; give it as a collection of messages");
        }
        requireAllowed(batch.size()); // before it is copied: it may be huge
        List<@Nullable Message<?>> messages = new ArrayList<>(batch);
        requireAllowed(messages.size());
        return messages;
    }

    private void requireAllowed(int size) {
        if (size > maxSize) {
            throw new InvalidMessageException("The batch has " + size + " messages; at most " + maxSize
                    + " are allowed (pubsub.publisher.max-batch-size)");
        }
    }

    private Item publish(
            int index,
            @Nullable Message<?> message,
            @Nullable Slot handler,
            Patience patience,
            CommitPatience afterCommit) {
        long start = pipeline.time().nanos();
        Route route = null;
        try {
            if (message == null) {
                throw new InvalidMessageException("The message at index " + index + " of the batch is null");
            }
            pipeline.requireAccepting(handler != null);
            route = pipeline.validate(message);
            Publication publication = pipeline.trace(message, route);
            if (publication != null) {
                TracedPublish.run(
                        publication,
                        route,
                        (traced, to) -> pipeline.isDeferred(message, null, afterCommit, publication)
                                ? TracedPublish.DEFERRED
                                : pipeline.offer(traced, to, null, pipeline.blocks(), handler, start, patience));
            } else if (!pipeline.isDeferred(message, null, afterCommit, null)) {
                pipeline.offer(message, route, null, pipeline.blocks(), handler, start, patience);
            }
            return Item.accepted(index, message);
        } catch (PubSubException refusal) {
            pipeline.counts().rejected(route, refusal, pipeline.time().nanos() - start);
            pipeline.tellRefused(message, refusal);
            return Item.rejected(index, message, refusal);
        }
    }
}
