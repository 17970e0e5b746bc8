package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.delivery.Attempt;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.RetryMemory;
import dev.pubsub.resilience.RetryDecider;
import dev.pubsub.spi.InboundDelivery;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's copy of a message, at one attempt; the one object that a publish makes for each subscription. It is
 * its own queue node and its own {@link dev.pubsub.Delivery}. It has 48 bytes, 56 where copies are ordered: what only
 * those need is in {@link Ordered}, what few copies need in {@link Details}.
 *
 * <p>Links and lane are guarded by the subscription's lock; before that, {@code next} by the inbox's compare-and-set.
 */
class Copy extends Attempt implements RetryMemory {

    @Nullable
    Copy next;

    final long acceptedNanos;
    private @Nullable Details details;

    private Copy(
            Message<?> message, DeliveryPipeline pipeline, int number, long acceptedNanos, @Nullable Details details) {
        super(message, pipeline, number);
        this.acceptedNanos = acceptedNanos;
        this.details = details;
    }

    /** A copy at its first attempt. */
    static Copy of(Message<?> message, DeliveryPipeline pipeline, Ordering ordering, long acceptedNanos) {
        return ordering != Ordering.NONE
                ? new Ordered(message, pipeline, 1, acceptedNanos, null, hash(Backlog.orderKey(ordering, message)))
                : new Copy(message, pipeline, 1, acceptedNanos, null);
    }

    /** A copy at its first attempt, of a message that a tracer follows. */
    static Copy traced(
            Message<?> message, DeliveryPipeline pipeline, Ordering ordering, long acceptedNanos, Object traceContext) {
        Copy copy = of(message, pipeline, ordering, acceptedNanos);
        copy.details = new TracedDetails(traceContext);
        return copy;
    }

    /** A copy at its first attempt, of a message that a transport has brought. */
    static Copy inbound(DeliveryPipeline pipeline, Ordering ordering, long acceptedNanos, InboundDetails details) {
        Copy copy = of(details.delivery.message(), pipeline, ordering, acceptedNanos);
        copy.details = details;
        return copy;
    }

    /** What it came by from a transport; null for one that was published here. */
    final @Nullable InboundDelivery inbound() {
        return details instanceof InboundDetails inbound ? inbound.delivery : null;
    }

    /** Whether it is another receiver's affair by now. */
    final boolean isRevoked() {
        return details instanceof InboundDetails inbound && inbound.delivery.isRevoked();
    }

    /** The copy at its next attempt; at the same one where the present attempt was not spent. */
    final Copy successor(boolean spent) {
        Copy successor = at(spent ? attempt() + 1 : attempt(), details);
        if (details != null && details.tracker != null) {
            details.tracker.moved(this, successor);
        }
        return successor;
    }

    Copy at(int number, @Nullable Details shared) {
        return new Copy(message(), pipeline(), number, acceptedNanos, shared);
    }

    /** The lane of its key or topic; null for none. */
    @Nullable
    Lane lane() {
        return null;
    }

    void lane(@Nullable Lane lane) {
        if (lane != null) {
            throw new IllegalStateException("Copies without order have no lane");
        }
    }

    /** The hash of its key or topic. Computed by the publisher, who has touched the key, as a worker has not. */
    int keyHash() {
        return 0;
    }

    private static int hash(@Nullable Object key) {
        return key == null ? 0 : key.hashCode();
    }

    final Details details() {
        Details present = details;
        if (present == null) {
            present = new Details();
            details = present;
        }
        return present;
    }

    final @Nullable Details detailsIfAny() {
        return details;
    }

    /** Whether a listener wants to hear of it. Kept here, since to look at the message costs a worker a cache miss. */
    final boolean isFollowed() {
        Details present = details;
        return present != null && present.followed;
    }

    @Override
    public final RetryDecider.Context retryContext() {
        Details present = details();
        if (present.retry == null) {
            present.retry = pipeline().newRetryContext();
        }
        return present.retry;
    }

    @Override
    protected final boolean isCancelledByCaller() {
        Details present = details;
        return present != null && present.tracker != null && present.tracker.isCancelled();
    }

    @Override
    protected final @Nullable Object traceContext() {
        return details instanceof TracedDetails traced ? traced.context : null;
    }

    /** What a plain success never needs. Written by the publisher before acceptance, then by whoever holds the copy. */
    static class Details {
        RetryDecider.@Nullable Context retry;
        long dueNanos;
        int heapIndex = -1;
        int probes;
        boolean followed;

        @Nullable
        Copy previous;

        @Nullable
        DeliveryTracker tracker;

        @Nullable
        DeadLetter replayOf;

        @Nullable
        Throwable conditionFailure;
    }

    /** Apart, so that parked copies that nobody follows are no larger. */
    private static final class TracedDetails extends Details {

        private final Object context;

        TracedDetails(Object context) {
            this.context = context;
        }
    }

    /** Of what came by a transport. */
    static final class InboundDetails extends Details {

        final InboundDelivery delivery;
        final TransportInlet inlet;

        InboundDetails(InboundDelivery delivery, TransportInlet inlet) {
            this.delivery = delivery;
            this.inlet = inlet;
        }
    }

    /** A copy whose subscription orders its copies. */
    private static final class Ordered extends Copy {

        private final int keyHash;
        private @Nullable Lane lane;

        Ordered(
                Message<?> message,
                DeliveryPipeline pipeline,
                int number,
                long acceptedNanos,
                @Nullable Details details,
                int keyHash) {
            super(message, pipeline, number, acceptedNanos, details);
            this.keyHash = keyHash;
        }

        @Override
        int keyHash() {
            return keyHash;
        }

        @Override
        Copy at(int number, @Nullable Details shared) {
            Ordered next = new Ordered(message(), pipeline(), number, acceptedNanos, shared, keyHash);
            next.lane = lane;
            return next;
        }

        @Override
        @Nullable
        Lane lane() {
            return lane;
        }

        @Override
        void lane(@Nullable Lane newLane) {
            this.lane = newLane;
        }
    }
}
