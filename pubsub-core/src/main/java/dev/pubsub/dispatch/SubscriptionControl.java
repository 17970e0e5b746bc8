package dev.pubsub.dispatch;

import dev.pubsub.PubSubClosedException;
import dev.pubsub.delivery.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, pauses, halts and closes a subscription. Safe for use by any thread; what must be atomic happens under the
 * subscription's lock, what takes time outside it.
 */
public final class SubscriptionControl {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionControl.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_POLLS = 300;

    private final SubscriptionRuntime runtime;

    SubscriptionControl(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** The engine runs: attempts may begin. */
    void start() {
        runtime.enter();
        try {
            runtime.state.running(true);
            runtime.backlog.takeInArrivals();
            runtime.backlog.unparkDue(runtime.services().time().nanos());
            runtime.cancelTimer();
            runtime.scheduleTimer();
        } finally {
            runtime.unlockAndRouse();
        }
    }

    /** See {@link dev.pubsub.Subscription#pause}. */
    void pause() {
        runtime.enter();
        try {
            runtime.state.paused(true);
        } finally {
            runtime.unlockAndRouse();
            runtime.state.tellChanges();
        }
    }

    /** See {@link dev.pubsub.Subscription#resume}. */
    void resume() {
        runtime.enter();
        try {
            if (runtime.state.isClosed()) {
                throw new IllegalStateException(
                        "Subscription '" + runtime.id() + "' is closed and cannot be resumed; subscribe again");
            }
            runtime.state.paused(false); // separate causes: this one is lifted, whatever becomes of the other
            if (runtime.state.isQuarantined()
                    && runtime.abandoned().now() >= runtime.spec().maxAbandoned()) {
                throw new IllegalStateException("Subscription '" + runtime.id() + "' stays quarantined: "
                        + runtime.abandoned().now()
                        + " abandoned handlers still run, and fewer than max-abandoned, "
                        + runtime.spec().maxAbandoned() + ", must be left");
            }
            runtime.state.quarantined(false);
            runtime.state.stopped(false);
            runtime.intake.open();
            runtime.backlog.takeInArrivals();
        } finally {
            runtime.unlockAndRouse();
            runtime.state.tellChanges();
        }
    }

    /** Whether copies are to come in by the transport. */
    boolean isToReceive() {
        runtime.enter();
        try {
            return runtime.state.isRunning() && runtime.intake.isTaking();
        } finally {
            runtime.lock.unlock();
        }
    }

    // ---- stop

    /**
     * Whether a drain need not wait for this subscription any longer: nothing is active but the caller's own attempt,
     * and nothing that waits can be attempted before the drain ends.
     */
    boolean isDrained(long drainEndNanos) {
        long permitAt = runtime.pipeline().breaker().earliestPermit(); // the hold itself is only until the next poll
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            boolean mayTake = runtime.state.isQuarantined() || permitAt <= drainEndNanos;
            mayTake &= runtime.state.mayTake(Math.max(drainEndNanos, 0));
            boolean waits = mayTake && (runtime.backlog.hasReady() || runtime.backlog.nextDueNanos() <= drainEndNanos);
            return runtime.ledger.active() <= ownAttempts() && !waits;
        } finally {
            runtime.unlockAndRouse();
        }
    }

    /** No attempt begins any more; workers that sleep end. */
    void halt() {
        List<Worker> dismissed = new ArrayList<>();
        runtime.enter();
        try {
            runtime.state.running(false);
            runtime.cancelTimer();
            for (Worker worker = runtime.crew.dismissOne(); worker != null; worker = runtime.crew.dismissOne()) {
                dismissed.add(worker);
            }
        } finally {
            runtime.unlockAndRouse();
        }
        dismissed.forEach(Worker::wake);
    }

    /**
     * Asks the handlers that run to end, all but the caller's own; answers whether none is left. To be asked again
     * while some are: one that begins at this moment may not be seen yet.
     */
    boolean requestCancel() {
        if (isIdle()) {
            return true;
        }
        for (Worker worker : workers()) {
            Thread thread = worker.thread();
            if (thread == null || thread == Thread.currentThread()) {
                continue;
            }
            if (worker.current() instanceof Copy copy && copy.requestCancel()) {
                thread.interrupt(); // it can hit this attempt's handler only: the worker takes no other message
            }
        }
        return false;
    }

    /** Ends what did not end when asked; its handlers are abandoned. */
    void cancelNow() {
        for (Worker worker : workers()) {
            if (worker.current() instanceof Copy copy && copy.cancelNow()) {
                runtime.services().watchdog().unwatch(worker);
                runtime.abandoned().endedByShutdown(worker, copy);
            }
        }
    }

    private boolean isIdle() {
        runtime.enter();
        try {
            return runtime.ledger.active() <= ownAttempts();
        } finally {
            runtime.lock.unlock();
        }
    }

    Iterable<Worker> workers() {
        runtime.enter();
        try {
            return runtime.crew.workers();
        } finally {
            runtime.lock.unlock();
        }
    }

    private int ownAttempts() {
        return ownAttempt() == null ? 0 : 1;
    }

    /** The attempt of this subscription that the calling thread makes. */
    private @Nullable Copy ownAttempt() {
        return Slot.ofHandlerThread(runtime.services().time()) instanceof Worker worker
                        && worker.runtime() == runtime
                        && worker.current() instanceof Copy copy
                        && copy.isUnderWay()
                ? copy
                : null;
    }

    // ---- close

    /**
     * Ends the subscription: no copy is taken, no attempt begins, what waits is discarded, what is active is awaited.
     *
     * @param awaitActive whether to wait for active attempts, at most to their deadlines, and for another close
     * @param atTheEnd called once, last
     * @return how many copies were discarded
     */
    int close(boolean awaitActive, Runnable atTheEnd) {
        boolean first = markClosed();
        int discarded = first ? discardAll() : 0;
        Copy own = ownAttempt();
        if (awaitActive) {
            awaitQuiet(own);
        }
        if (first) {
            try {
                halt();
                runtime.counts.close();
                runtime.pipeline().close();
            } finally {
                atTheEnd.run();
                closing().ended();
            }
        } else if (awaitActive && own == null) {
            awaitEnd(); // a handler of its own must not: the first one waits for it
        }
        return discarded;
    }

    private boolean markClosed() {
        runtime.enter();
        try {
            boolean first = !runtime.state.isClosed();
            runtime.state.close();
            runtime.intake.close();
            runtime.room().signalAll();
            return first;
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private int discardAll() {
        int discarded = 0;
        int patience = MAX_POLLS;
        while (true) {
            Copy copy = runtime.direct().discardAny();
            if (copy != null) {
                discarded += copy.inbound() == null ? 1 : 0;
            } else if (hasAllArrived()) {
                return discarded;
            } else if (patience-- > 0) {
                LockSupport.parkNanos(POLL_NANOS); // a publisher stands between its reservation and its hand-over
            } else {
                log.error("Subscription '{}': a publisher has reserved a place and never came", runtime.id());
                return discarded;
            }
        }
    }

    private boolean hasAllArrived() {
        runtime.enter();
        try {
            return !runtime.backlog.hasArrivals()
                    && runtime.backlog.queued() + runtime.backlog.parked() == 0
                    && runtime.backlog.arrived() == runtime.intake.accepted();
        } finally {
            runtime.lock.unlock();
        }
    }

    /** Attempts end by their deadlines, so this does, too; an interrupt ends it early, and stays set. */
    private void awaitQuiet(@Nullable Copy own) {
        runtime.enter();
        try {
            runtime.closing().awaitQuiet(runtime.ledger, own);
        } catch (InterruptedException e) {
            interrupted();
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private Closing closing() {
        runtime.enter();
        try {
            return runtime.closing();
        } finally {
            runtime.lock.unlock();
        }
    }

    private void awaitEnd() {
        try {
            closing().awaitEnd();
        } catch (InterruptedException e) {
            interrupted();
        }
    }

    private void interrupted() {
        Thread.currentThread().interrupt();
        log.warn("Subscription '{}': interrupted while waiting for active attempts to end", runtime.id());
    }

    void requireOpen() {
        if (runtime.state.isClosed()) {
            throw new PubSubClosedException("Subscription '" + runtime.id() + "' is closed");
        }
    }
}
