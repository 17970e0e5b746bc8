package dev.pubsub.dispatch;

import dev.pubsub.Outcome;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.dispatch.Copy.InboundDetails;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.SafeText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who follow a copy: transport, meters, listener, the dead letters of a replay, the caller of a deliver. */
final class Followers {

    private static final Logger log = LoggerFactory.getLogger(Followers.class);

    private Followers() {}

    /**
     * Tells the transport that brought it that a copy is done with; no effect where there is none, or where it was not
     * settled. Outside the lock, and before the copy counts as settled: a stop that finds nothing active may give up
     * what is received from, and what is told after that comes too late.
     */
    static void acknowledge(Copy copy, @Nullable Outcome outcome) {
        InboundDelivery delivery = copy.inbound();
        if (delivery == null || outcome == null) {
            return;
        }
        try {
            delivery.settled(outcome);
        } catch (Throwable thrown) { // against its word; the copy must be settled here all the same
            log.error(
                    "Subscription '{}': a transport failed to acknowledge: {}",
                    copy.subscriptionId(),
                    SafeText.of(thrown),
                    SafeText.trace(thrown));
        }
    }

    /** Tells the transport that brought it that nothing more becomes of a copy here. */
    static void tellForgotten(Copy copy) {
        InboundDelivery delivery = copy.inbound();
        if (delivery == null) {
            return;
        }
        try {
            delivery.forgotten();
        } catch (Throwable thrown) { // against its word
            log.error("Subscription '{}': a transport failed: {}", copy.subscriptionId(), SafeText.of(thrown));
        }
    }

    /** Tells them that a copy was settled; no effect where it was not. Outside the lock. */
    static void tell(
            SubscriptionRuntime runtime,
            @Nullable Copy copy,
            @Nullable Outcome outcome,
            @Nullable Verdict verdict,
            long nowNanos) {
        if (copy == null || outcome == null) {
            return;
        }
        runtime.counts.settled(copy, outcome, verdict, nowNanos - copy.acceptedNanos);
        Copy.Details details = copy.detailsIfAny();
        if (details == null) {
            return;
        }
        if (details instanceof InboundDetails inbound) {
            inbound.inlet.settled();
        }
        if (details.replayOf != null && outcome != Outcome.DEAD_LETTERED) {
            runtime.services().deadLetters().replayEnded(details.replayOf);
        }
        if (details.retry != null && outcome == Outcome.COMPLETED) {
            details.retry.succeeded();
        }
        if (details.tracker != null) {
            details.tracker.settled(runtime, outcome);
        }
    }
}
