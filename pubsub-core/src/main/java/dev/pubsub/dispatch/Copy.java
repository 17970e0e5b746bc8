package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.delivery.Attempt;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.RetryMemory;
import dev.pubsub.resilience.RetryDecider;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's copy of a message, at one attempt; the one object that a publish makes for each subscription. It is
 * its own queue node and its own {@link dev.pubsub.Delivery}. What few copies need is in {@link Details}.
 *
 * <p>Links and lane are guarded by the subscription's lock; before that, {@code next} by the inbox's compare-and-set.
 */
final class Copy extends Attempt implements RetryMemory {

    @Nullable
    Copy next;

    @Nullable
    Copy previous;

    @Nullable
    Lane lane;

    final long acceptedNanos;
    private final DeliveryPipeline pipeline;
    private @Nullable Details details;

    Copy(Message<?> message, DeliveryPipeline pipeline, long acceptedNanos) {
        this(message, pipeline, 1, acceptedNanos, null);
    }

    private Copy(
            Message<?> message, DeliveryPipeline pipeline, int number, long acceptedNanos, @Nullable Details details) {
        super(message, pipeline, number);
        this.pipeline = pipeline;
        this.acceptedNanos = acceptedNanos;
        this.details = details;
    }

    /** The copy at its next attempt; at the same one where the present attempt was not spent. */
    Copy successor(boolean spent) {
        Copy successor = new Copy(message(), pipeline, spent ? attempt() + 1 : attempt(), acceptedNanos, details);
        successor.lane = lane;
        if (details != null && details.tracker != null) {
            details.tracker.moved(this, successor);
        }
        return successor;
    }

    Details details() {
        Details present = details;
        if (present == null) {
            present = new Details();
            details = present;
        }
        return present;
    }

    @Nullable
    Details detailsIfAny() {
        return details;
    }

    @Override
    public RetryDecider.Context retryContext() {
        Details present = details();
        if (present.retry == null) {
            present.retry = pipeline.newRetryContext();
        }
        return present.retry;
    }

    @Override
    protected boolean isCancelledByCaller() {
        Details present = details;
        return present != null && present.tracker != null && present.tracker.isCancelled();
    }

    /** What a plain success never needs. Written by the publisher before acceptance, then by whoever holds the copy. */
    static final class Details {
        RetryDecider.@Nullable Context retry;
        long dueNanos;
        int heapIndex = -1;
        int probes;

        @Nullable
        DeliveryTracker tracker;

        @Nullable
        DeadLetter replayOf;

        @Nullable
        Throwable conditionFailure;
    }
}
