package dev.pubsub.publish;

import dev.pubsub.BatchReceipt.Item;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.delivery.Slot;
import dev.pubsub.spi.MessageTracer.Publication;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a batch to a remote transport, all of it before it waits for the first answer. Used by the call's thread; the
 * call holds a slot if it needs one.
 */
final class RemoteBatch {

    private final PublishPipeline pipeline;
    private final RemoteOffer remote;
    private final @Nullable Slot handler;
    private final Patience patience;
    private final CommitPatience afterCommit;

    RemoteBatch(PublishPipeline pipeline, RemoteOffer remote, @Nullable Slot handler, Patience patience) {
        this.pipeline = pipeline;
        this.remote = remote;
        this.handler = handler;
        this.patience = patience;
        this.afterCommit = new CommitPatience(pipeline, pipeline.blocks());
    }

    List<Item> publish(List<@Nullable Message<?>> messages) {
        List<Sent> sent = new ArrayList<>(messages.size());
        for (Message<?> message : messages) {
            sent.add(send(sent.size(), message));
        }
        return sent.stream().map(this::conclude).toList();
    }

    /** A message of the batch, and how far it has come: with the transport, or refused, or deferred (neither). */
    private record Sent(
            int index,
            @Nullable Message<?> message,
            long start,
            @Nullable Route route,
            @Nullable Publication publication,
            @Nullable Sending sending,
            @Nullable PubSubException refusal) {}

    private Sent send(int index, @Nullable Message<?> message) {
        long start = pipeline.time().nanos();
        Route route = null;
        Publication publication = null;
        try {
            if (message == null) {
                throw new InvalidMessageException("The message at index " + index + " of the batch is null");
            }
            pipeline.requireAccepting(handler != null);
            route = pipeline.validate(message);
            publication = pipeline.trace(message, route);
            boolean deferred = pipeline.isDeferred(message, null, afterCommit, publication);
            Sending sending = deferred ? null : remote.send(message, route, publication);
            return new Sent(index, message, start, route, publication, sending, null);
        } catch (PubSubException refusal) {
            return new Sent(index, message, start, route, publication, null, refusal);
        }
    }

    private Item conclude(Sent sent) {
        Message<?> message = sent.message();
        PubSubException refusal = sent.refusal();
        if (refusal == null && message != null && sent.route() != null && sent.sending() != null) {
            try {
                sent.sending().await(patience.leftNanos());
                remote.accepted(message, sent.route(), sent.publication(), sent.start());
            } catch (PubSubException failure) {
                refusal = failure;
            }
        }
        if (refusal == null && message != null) {
            return Item.accepted(sent.index(), message);
        }
        PubSubException why = refusal == null ? new PubSubException("Not sent", null) : refusal;
        remote.refused(message, sent.route(), sent.publication(), sent.start(), why);
        return Item.rejected(sent.index(), message, why);
    }
}
