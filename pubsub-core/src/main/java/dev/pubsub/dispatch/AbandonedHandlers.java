package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Outcome;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.SafeText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles attempts that were ended from outside, and keeps count of their handlers, which run on, in the ledger, which
 * is guarded by the subscription's lock.
 *
 * <p>The handler may return before its abandonment is booked here: then the count is below its true value for a moment,
 * and its lane is unblocked before it is blocked; both come out even, since each books exactly one step.
 */
final class AbandonedHandlers {

    private static final Logger log = LoggerFactory.getLogger(AbandonedHandlers.class);

    private final SubscriptionRuntime runtime;

    AbandonedHandlers(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** How many run now. */
    int now() {
        return Math.max(0, runtime.ledger.abandoned());
    }

    /** How many there have been. */
    long total() {
        return runtime.counts.sum(AttemptCounts.Event.ABANDONED);
    }

    /** How many have returned. */
    long lateCompletions() {
        return total() - runtime.ledger.abandoned();
    }

    /** The watchdog has ended this attempt and interrupted its worker, which takes no further copy. */
    void timedOut(Worker worker, Copy copy, StackTraceElement[] stack) {
        Verdict verdict = verdictOf(worker, copy, stack);
        Outcome outcome = runtime.outcomeOf(copy, verdict);
        Followers.acknowledge(copy, outcome);
        BreakerHold.News news = runtime.hold.newsOf(worker, verdict);
        long nanos = runtime.services().time().nanos();
        boolean quarantine;
        runtime.enter();
        try {
            abandon(worker, copy);
            quarantine = quarantineIfTooMany();
            outcome = runtime.finishOrGoOn(copy, verdict, outcome, nanos);
            if (runtime.hold.apply(news, verdict)) {
                runtime.scheduleTimer();
            }
        } finally {
            runtime.unlockAndRouse();
        }
        Followers.tell(runtime, copy, outcome, verdict, nanos);
        runtime.hold.tell(news);
        if (quarantine) {
            log.error(
                    "Subscription '{}' is quarantined: {} handlers run on after their deadlines; its copies are dead-lettered"
                            + " until fewer are left and it is resumed",
                    runtime.id(),
                    runtime.spec().maxAbandoned());
        }
    }

    private Verdict verdictOf(Worker worker, Copy copy, StackTraceElement[] stack) {
        try {
            return runtime.pipeline().timedOut(worker, copy, copy, stack);
        } catch (Throwable thrown) { // foreign predicates of a breaker: the copy must be settled all the same
            log.error("Subscription '{}': a timeout could not be reported: {}", runtime.id(), SafeText.of(thrown));
            return new Verdict.Dead(Reason.TIMEOUT, thrown, copy.attempt());
        }
    }

    /** A shutdown has ended this attempt, whose handler runs on. */
    void endedByShutdown(Worker worker, Copy copy) {
        Verdict verdict = runtime.pipeline().abandonedByShutdown(worker, copy);
        long nanos = runtime.services().time().nanos();
        Outcome outcome;
        runtime.enter();
        try {
            abandon(worker, copy);
            outcome = runtime.finishOrGoOn(copy, verdict, null, nanos);
        } finally {
            runtime.unlockAndRouse();
        }
        Followers.tell(runtime, copy, outcome, verdict, nanos);
    }

    /** The handler of an attempt that was ended from outside has returned. */
    void returned(Copy copy) {
        runtime.enter();
        try {
            runtime.ledger.abandon(-1);
            runtime.backlog.unblockLane(copy);
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private void abandon(Worker worker, Copy copy) {
        runtime.crew.lose(worker);
        runtime.ledger.abandon(1);
        runtime.counts.count(AttemptCounts.Event.ABANDONED);
        runtime.backlog.blockLane(copy);
    }

    private boolean quarantineIfTooMany() {
        boolean tooMany = runtime.ledger.abandoned() >= runtime.spec().maxAbandoned() && !runtime.state.isQuarantined();
        if (tooMany) {
            runtime.state.quarantined(true);
        }
        return tooMany;
    }
}
