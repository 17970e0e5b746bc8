package dev.pubsub.dispatch;

import dev.pubsub.delivery.AttemptRecorder;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.EngineMetrics.SubscriptionMetrics;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts a subscription's attempts by result, and passes them on to its meters, whose failures stay here. Safe for use
 * by any thread.
 */
public final class AttemptCounts implements AttemptRecorder {

    private static final Logger log = LoggerFactory.getLogger(AttemptCounts.class);
    private static final AttemptResult[] RESULTS = AttemptResult.values();

    private final LongAdder[] byResult = new LongAdder[RESULTS.length];
    private final LongAdder filtered = new LongAdder();
    private volatile SubscriptionMetrics metrics = NoMetrics.INSTANCE;

    /** All zero, without meters. */
    public AttemptCounts() {
        for (int i = 0; i < byResult.length; i++) {
            byResult[i] = new LongAdder();
        }
    }

    /** Passes on to these meters from now. */
    public void bind(SubscriptionMetrics meters) {
        this.metrics = meters;
    }

    /** Removes the meters. */
    public void close() {
        SubscriptionMetrics bound = metrics;
        metrics = NoMetrics.INSTANCE;
        try {
            bound.close();
        } catch (Throwable thrown) {
            reportFailure(thrown);
        }
    }

    @Override
    public void attempted(AttemptResult result, long nanos) {
        byResult[result.ordinal()].increment();
        try {
            metrics.attempted(result, nanos);
        } catch (Throwable thrown) {
            reportFailure(thrown);
        }
    }

    /** A copy was settled so long after its acceptance. */
    void settled(long nanos) {
        try {
            metrics.settled(nanos);
        } catch (Throwable thrown) {
            reportFailure(thrown);
        }
    }

    private static void reportFailure(Throwable thrown) {
        log.error("Metrics failed: {}", SafeText.of(thrown));
    }

    /** The condition refused a message. */
    void countFiltered() {
        filtered.increment();
    }

    long filtered() {
        return filtered.sum();
    }

    long count(AttemptResult result) {
        return byResult[result.ordinal()].sum();
    }
}
