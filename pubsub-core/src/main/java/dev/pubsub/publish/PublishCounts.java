package dev.pubsub.publish;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineMetrics.PublishResult;
import dev.pubsub.spi.EngineMetrics.RejectReason;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.StripedCount;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts publishes, and passes them on to the meters, whose failures stay here. Safe for use by any thread. */
final class PublishCounts {

    private static final Logger log = LoggerFactory.getLogger(PublishCounts.class);

    private final EngineMetrics metrics;
    private final boolean measured;
    private final boolean routedHere;
    private final StripedCount accepted = new StripedCount();
    private final LongAdder unrouted = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    /** {@code routedHere} is false where it is not known here whom a message reaches. */
    PublishCounts(EngineMetrics metrics, boolean routedHere) {
        this.metrics = metrics;
        this.routedHere = routedHere;
        this.measured = metrics != NoMetrics.INSTANCE;
    }

    /** A message that found slot and room without waiting: one of many, of which not each must be timed. */
    void acceptedAtOnce(Route route, EngineTime time, long startNanos) {
        count(route);
        if (measured) {
            try {
                route.metrics().publishedAtOnce(resultOf(route), startNanos, time);
            } catch (Throwable thrown) {
                log.error("Metrics failed: {}", SafeText.of(thrown));
            }
        }
    }

    void accepted(Route route, EngineTime time, long startNanos) {
        count(route);
        if (measured) { // without meters the second look at the clock would be for nothing
            publish(route, resultOf(route), time.nanos() - startNanos);
        }
    }

    private void count(Route route) {
        accepted.increment();
        if (isUnrouted(route)) {
            unrouted.increment();
        }
    }

    private boolean isUnrouted(Route route) {
        return routedHere && route.isEmpty();
    }

    private PublishResult resultOf(Route route) {
        return isUnrouted(route) ? PublishResult.UNROUTED : PublishResult.ACCEPTED;
    }

    void rejected(@Nullable Route route, PubSubException refusal, long nanos) {
        rejected.increment();
        if (!measured) {
            return;
        }
        try {
            metrics.publishRejected(reason(refusal));
            if (route == null) {
                metrics.publish(Router.OTHER).published(PublishResult.REJECTED, nanos);
            }
        } catch (Throwable thrown) {
            log.error("Metrics failed: {}", SafeText.of(thrown));
        }
        if (route != null) {
            publish(route, PublishResult.REJECTED, nanos);
        }
    }

    private static void publish(Route route, PublishResult result, long nanos) {
        try {
            route.metrics().published(result, nanos);
        } catch (Throwable thrown) {
            log.error("Metrics failed: {}", SafeText.of(thrown));
        }
    }

    private static RejectReason reason(PubSubException refusal) {
        if (refusal instanceof InvalidMessageException) {
            return RejectReason.INVALID;
        }
        if (refusal instanceof QueueFullException) {
            return RejectReason.QUEUE_FULL;
        }
        if (refusal instanceof ConcurrencyLimitException) {
            return RejectReason.CONCURRENCY_LIMIT;
        }
        if (refusal instanceof PublishTimeoutException) {
            return RejectReason.TIMEOUT;
        }
        if (refusal instanceof PublishCancelledException) {
            return RejectReason.CANCELLED;
        }
        return refusal instanceof PubSubClosedException ? RejectReason.CLOSED : RejectReason.FAILED;
    }

    long accepted() {
        return accepted.sum();
    }

    long unrouted() {
        return unrouted.sum();
    }

    long rejected() {
        return rejected.sum();
    }
}
