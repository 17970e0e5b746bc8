package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.delivery.Attempt;
import dev.pubsub.delivery.AttemptRecorder;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.EngineMetrics.SubscriptionMetrics;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.SafeText;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what happens to a subscription's copies beside the {@link Ledger}, and passes it on to its meters, whose
 * failures stay here, and to the listener. Attempts that succeeded are not counted: they are what the ledger counts as
 * completed.
 *
 * <p>Safe for use by any thread. Most subscriptions never count anything here, so the counters are made at the first
 * count, under this object's lock.
 */
public final class AttemptCounts implements AttemptRecorder {

    /** What is counted, beside dead letters by their reason. */
    enum Event {
        FAILURE,
        TIMEOUT,
        PANIC,
        CANCELLED,
        REJECTED,
        /** The condition refused a message. */
        FILTERED,
        RETRY,
        ABANDONED,
        /** The store failed to keep a dead letter. */
        LOST,
        REPLAYED,
        DISCARDED,
        EVICTED
    }

    private static final Logger log = LoggerFactory.getLogger(AttemptCounts.class);
    private static final int EVENTS = Event.values().length;
    private static final int REASONS = Reason.values().length;

    private volatile LongAdder @Nullable [] counters;
    private volatile SubscriptionMetrics metrics = NoMetrics.INSTANCE;
    private final @Nullable MessageListener listener;

    /** Counts that nobody listens to. */
    public AttemptCounts() {
        this(null);
    }

    /** Counts; the listener throws nothing, and is null for none. */
    public AttemptCounts(@Nullable MessageListener listener) {
        this.listener = listener;
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
    public void attempted(Attempt attempt, AttemptResult result, long nanos, @Nullable Throwable thrown) {
        switch (result) {
            case SUCCESS -> {}
            case FAILURE -> count(Event.FAILURE);
            case TIMEOUT -> count(Event.TIMEOUT);
            case PANIC -> count(Event.PANIC);
            case CANCELLED -> count(Event.CANCELLED);
            case REJECTED -> count(Event.REJECTED);
        }
        try {
            metrics.attempted(result, nanos);
        } catch (Throwable failure) {
            reportFailure(failure);
        }
        if (listener != null && attempt instanceof Copy copy && copy.isFollowed()) {
            listener.attempted(attempt.message(), attempt.subscriptionId(), attempt.attempt(), result, nanos, thrown);
        }
    }

    /** A copy was settled so long after its acceptance, after this verdict; null where it was not attempted. */
    void settled(Copy copy, Outcome outcome, @Nullable Verdict verdict, long nanos) {
        try {
            metrics.settled(nanos);
        } catch (Throwable failure) {
            reportFailure(failure);
        }
        if (listener != null && copy.isFollowed()) {
            Reason reason = verdict instanceof Verdict.Dead dead ? dead.reason() : null;
            listener.settled(copy.message(), copy.subscriptionId(), outcome, reason);
        }
    }

    /** Whether the listener wants to hear of a message. */
    boolean follows(Message<?> message) {
        return listener != null && listener.follows(message);
    }

    /** A message came by a transport; answers whether the listener wants to hear of it, and has. */
    boolean acceptedInbound(Message<?> message, String subscriptionId) {
        boolean followed = follows(message);
        if (followed && listener != null) {
            listener.accepted(message, List.of(subscriptionId), List.of());
        }
        return followed;
    }

    /** A copy that found no room was settled with its acceptance. */
    void settledOverflow(Message<?> message, String subscriptionId, Outcome outcome) {
        if (listener != null) {
            listener.settled(message, subscriptionId, outcome, Reason.OVERFLOW);
        }
    }

    /** A dead letter of this subscription was accepted again. */
    void acceptedAgain(Message<?> message, String subscriptionId) {
        if (listener != null) {
            listener.accepted(message, List.of(subscriptionId), List.of());
        }
    }

    private static void reportFailure(Throwable thrown) {
        log.error("Metrics failed: {}", SafeText.of(thrown));
    }

    void count(Event event) {
        count(event, 1);
    }

    void count(Event event, long times) {
        counters()[event.ordinal()].add(times);
    }

    void countDeadLetter(Reason reason) {
        counters()[EVENTS + reason.ordinal()].increment();
    }

    long sum(Event event) {
        return sum(event.ordinal());
    }

    long deadLetters(Reason reason) {
        return sum(EVENTS + reason.ordinal());
    }

    private long sum(int index) {
        LongAdder[] known = counters;
        return known == null ? 0 : known[index].sum();
    }

    private LongAdder[] counters() {
        LongAdder[] known = counters;
        return known != null ? known : create();
    }

    private synchronized LongAdder[] create() {
        LongAdder[] known = counters;
        if (known == null) {
            known = new LongAdder[EVENTS + REASONS];
            for (int i = 0; i < known.length; i++) {
                known[i] = new LongAdder();
            }
            counters = known;
        }
        return known;
    }
}
