package dev.pubsub.publish;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.MessageTracer.Publication;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.RemoteSender;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Gives a message to a remote transport, and waits for its answer within the time that the call has: to wait for that
 * is not to wait for room, and is done with {@code overflow: fail}, too. Has no state.
 */
final class RemoteOffer implements Offer {

    /** How many copies there will be is decided elsewhere. */
    static final int ELSEWHERE = -1;

    private final PublishPipeline pipeline;
    private final RemoteSender sender;
    private final PayloadCodec codec;
    private final MessageLimits limits;

    RemoteOffer(PublishPipeline pipeline, RemoteSender sender, PayloadCodec codec, MessageLimits limits) {
        this.pipeline = pipeline;
        this.sender = sender;
        this.codec = codec;
        this.limits = limits;
    }

    @Override
    public int offer(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience waited) {
        Patience patience = waited == null ? pipeline.patience(mayWait, handler, start) : waited;
        send(message).await(patience.leftNanos());
        accepted(message, route, null, start); // its publication is ended by who began it
        return ELSEWHERE;
    }

    /** Sends it as the current publication of the calling thread, if somebody follows it. */
    Sending send(Message<?> message, Route route, @Nullable Publication publication) {
        if (publication == null) {
            return send(message);
        }
        Sending[] sending = new Sending[1];
        TracedPublish.run(publication, route, (traced, to) -> {
            sending[0] = send(traced);
            return TracedPublish.DEFERRED;
        });
        return sending[0];
    }

    /** Sends it, and does not wait; what is wrong with the message is thrown. */
    Sending send(Message<?> message) {
        Message<EncodedPayload> encoded = encode(message).in(message);
        CompletableFuture<@Nullable Void> answer;
        try {
            answer = sender.send(encoded).toCompletableFuture();
        } catch (RuntimeException failed) { // against its word, or it was closed in the meantime
            answer = CompletableFuture.failedFuture(pipeline.accepts() ? failed : closed(failed));
        }
        return new Sending(answer);
    }

    private static PubSubClosedException closed(RuntimeException failed) {
        return new PubSubClosedException(
                "The engine was stopped or closed before its transport could take the message, which was not taken",
                failed);
    }

    private EncodedPayload encode(Message<?> message) {
        EncodedPayload encoded;
        try {
            encoded = codec.encode(message.payload());
        } catch (RuntimeException | StackOverflowError foreign) {
            // not as a cause, nor its text: what could not be written may be quoted there
            throw new InvalidMessageException(
                    "The message's payload, a " + message.payload().getClass().getName() + ", cannot be encoded ("
                            + foreign.getClass().getName() + ")");
        }
        limits.checkEncoded(encoded);
        return encoded;
    }

    /** The transport has taken the message over. */
    void accepted(Message<?> message, Route route, @Nullable Publication publication, long start) {
        if (publication != null) {
            publication.accepted(ELSEWHERE);
        }
        pipeline.counts().accepted(route, pipeline.time(), start);
        if (pipeline.isFollowed(message)) {
            pipeline.tellAccepted(message, List.of(), List.of());
        }
    }

    /** It was refused, here or there; the route is null where it did not come so far. */
    void refused(
            @Nullable Message<?> message,
            @Nullable Route route,
            @Nullable Publication publication,
            long start,
            PubSubException refusal) {
        if (publication != null) {
            publication.refused(refusal);
        }
        pipeline.counts().rejected(route, refusal, pipeline.time().nanos() - start);
        pipeline.tellRefused(message, refusal);
    }
}
