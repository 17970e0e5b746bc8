package dev.pubsub.dispatch;

import dev.pubsub.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Settles copies that are not attempted: discarded while they waited, or accepted where there was no room for them.
 * Safe for use by any thread; what it counts is guarded by the subscription's lock.
 */
final class DirectSettlement {

    private final SubscriptionRuntime runtime;

    DirectSettlement(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** Discards the copy of this deliver if it waits; no effect on one that is active. */
    void discardWaiting(DeliveryTracker tracker) {
        Copy discarded = null;
        long now = runtime.services().time().nanos();
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            Copy copy = tracker.copyIn(runtime); // read here: a moment ago it may have gone on as another object
            if (copy != null && runtime.backlog.remove(copy)) {
                discarded(copy, now);
                discarded = copy;
            }
        } finally {
            runtime.unlockAndRouse();
        }
        Followers.tell(runtime, discarded, Outcome.DISCARDED, null, now);
    }

    /** A copy was accepted that will not wait: it is active until {@link #settlePassedBy}, which must follow. */
    void passBy() {
        runtime.enter();
        try {
            runtime.backlog.passedBy();
            runtime.ledger.begin();
        } finally {
            runtime.lock.unlock();
        }
    }

    void settlePassedBy(Outcome outcome) {
        runtime.enter();
        try {
            runtime.ledger.settle(outcome, 0);
            runtime.releasePlaces(1);
            runtime.signalQuiet();
        } finally {
            runtime.lock.unlock();
        }
    }

    /** Discards any copy that waits, or forgets it, if a transport brought it; null where none waits. */
    @Nullable
    Copy discardAny() {
        Copy copy;
        Outcome outcome = null;
        long now = runtime.services().time().nanos();
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            copy = runtime.backlog.pollAny(true);
            if (copy != null && copy.inbound() != null) {
                runtime.forget(copy);
            } else if (copy != null) {
                discarded(copy, now);
                outcome = Outcome.DISCARDED;
            }
        } finally {
            runtime.unlockAndRouse();
        }
        Followers.tell(runtime, copy, outcome, null, now);
        return copy;
    }

    private void discarded(Copy copy, long nowNanos) {
        runtime.ledger.count(Outcome.DISCARDED, nowNanos - copy.acceptedNanos);
        runtime.backlog.settled(copy);
        runtime.releasePlaces(1);
    }
}
