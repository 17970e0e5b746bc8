package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.delivery.Slot;
import dev.pubsub.spi.MessageTracer.Publication;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to a remote transport without waiting: the slot is held until the transport has answered, so that what is
 * on its way is bounded.
 */
final class AsyncPublish {

    private final PublishPipeline pipeline;
    private final RemoteOffer remote;
    private final Executor pool;

    /** The pool completes futures, with the code that hangs on them; it refuses nothing. */
    AsyncPublish(PublishPipeline pipeline, RemoteOffer remote, Executor pool) {
        this.pipeline = pipeline;
        this.remote = remote;
        this.pool = pool;
    }

    CompletableFuture<PublishReceipt> publish(Message<?> message) {
        long start = pipeline.time().nanos();
        Route route = null;
        Publication publication = null;
        try {
            Slot handler = Slot.ofHandlerThread(pipeline.time());
            pipeline.requireAccepting(handler != null);
            route = pipeline.validate(message);
            publication = pipeline.trace(message, route);
            if (pipeline.isDeferred(message, null, new CommitPatience(pipeline, false), publication)) {
                return CompletableFuture.completedFuture(PublishReceipt.of(message, RemoteOffer.ELSEWHERE));
            }
            return send(message, route, publication, handler == null, start);
        } catch (PubSubException refusal) {
            remote.refused(message, route, publication, start, refusal);
            return CompletableFuture.failedFuture(refusal);
        }
    }

    private CompletableFuture<PublishReceipt> send(
            Message<?> message, Route route, @Nullable Publication publication, boolean needsSlot, long start) {
        if (needsSlot) {
            pipeline.acquireSlot(pipeline.patience(false, null, start));
        }
        Sending sending;
        try {
            sending = remote.send(message, route, publication);
        } catch (PubSubException refusal) {
            if (needsSlot) {
                pipeline.releaseSlot();
            }
            throw refusal;
        }
        CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
        var unused = sending.answer().whenComplete((done, failure) -> { // which throws nothing
            if (needsSlot) {
                pipeline.releaseSlot();
            }
            if (failure == null) {
                remote.accepted(message, route, publication, start);
                pool.execute(() -> receipt.complete(PublishReceipt.of(message, RemoteOffer.ELSEWHERE)));
            } else {
                PubSubException refusal = Sending.refusal(failure);
                remote.refused(message, route, publication, start, refusal);
                pool.execute(() -> receipt.completeExceptionally(refusal));
            }
        });
        return receipt;
    }
}
