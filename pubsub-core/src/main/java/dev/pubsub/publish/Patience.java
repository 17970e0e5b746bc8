package dev.pubsub.publish;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.EngineTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one publish call does where it finds no slot or no room: it waits, within one time for all, or it is refused.
 * Made only when something is missing; used by the calling thread alone.
 */
final class Patience {

    private final EngineTime time;
    private final EngineMetrics metrics;
    private final Acceptance acceptance;
    private final boolean mayWait;
    private final boolean fromHandler;
    private final long budgetNanos;
    private final long deadlineNanos;
    private @Nullable Intake wokenAt;
    private boolean refused;

    Patience(
            EngineTime time,
            EngineMetrics metrics,
            Acceptance acceptance,
            boolean mayWait,
            boolean fromHandler,
            long startNanos,
            long budgetNanos) {
        this.time = time;
        this.metrics = metrics;
        this.acceptance = acceptance;
        this.mayWait = mayWait;
        this.fromHandler = fromHandler;
        this.budgetNanos = budgetNanos;
        this.deadlineNanos = startNanos + budgetNanos;
    }

    /** Waits for a slot, and takes it. */
    void awaitSlot(Slots slots) {
        if (!mayWait) {
            throw new ConcurrencyLimitException("All " + slots.limit()
                    + " slots for concurrent publish calls are taken (pubsub.publisher.max-concurrent); publish less at once,"
                    + " raise the limit, or let callers wait (pubsub.publisher.overflow: block)");
        }
        long began = time.nanos();
        try {
            if (!slots.tryAcquire(deadlineNanos - began, TimeUnit.NANOSECONDS)) {
                throw new PublishTimeoutException(
                        "Waited " + millis() + " ms for one of " + slots.limit() + " slots for concurrent publish calls"
                                + " (pubsub.publisher.max-concurrent, pubsub.publisher.timeout)",
                        null);
            }
            if (!acceptance.accepts(fromHandler)) {
                slots.release();
                throw stopped("a slot");
            }
        } catch (InterruptedException e) {
            throw cancelled("a slot", e);
        } finally {
            waited(began);
        }
    }

    /** Waits until this target has room, without taking it. */
    void awaitRoom(Intake full) {
        passOn(full);
        boolean own = fromHandler && full.isCallersOwn();
        if ((own || !mayWait) && !full.wouldRefuse()) {
            return; // there is room by now, or there was: what a worker had settled was not counted yet
        }
        if (!mayWait) {
            throw new QueueFullException(full.subscriptionId(), full(full) + remedy());
        }
        if (own) {
            throw new QueueFullException(
                    full.subscriptionId(),
                    full(full) + ", and its own handler, which is publishing, cannot wait for itself");
        }
        long began = time.nanos();
        try {
            boolean room = full.awaitRoom(deadlineNanos - began, this::mayGoOnWaiting);
            if (room) {
                wokenAt = full;
            }
            if (!mayGoOnWaiting()) {
                throw stopped("room");
            }
            if (!room) {
                throw new PublishTimeoutException("Waited " + millis() + " ms for room: " + full(full), null);
            }
        } catch (InterruptedException e) {
            throw cancelled("room in subscription '" + full.subscriptionId() + "'", e);
        } finally {
            waited(began);
        }
    }

    /** What is left of the time for all waiting; for who waits for something else. */
    long leftNanos() {
        return deadlineNanos - time.nanos();
    }

    /** False once the engine was seen to refuse, even if it was started again a moment later. */
    private boolean mayGoOnWaiting() {
        refused |= !acceptance.accepts(fromHandler);
        return !refused;
    }

    /** The call ends, or waits elsewhere: room that it was woken for and did not take is for the next one. */
    void passOn(@Nullable Intake nowWaitingAt) {
        if (wokenAt != null && wokenAt != nowWaitingAt) {
            wokenAt.passRoomOn();
        }
        wokenAt = null;
    }

    private String remedy() {
        return acceptance.delivers()
                ? "; let callers wait (pubsub.publisher.overflow: block), raise queue-capacity, or let it shed its copies"
                        + " (when-full)"
                : ", and the engine is not started, so waiting would be of no use; start it, or raise queue-capacity";
    }

    private static String full(Intake full) {
        return "Subscription '" + full.subscriptionId() + "' has no room; all of its " + full.places()
                + " places (queue-capacity + concurrency) are taken";
    }

    private static PubSubClosedException stopped(String what) {
        return new PubSubClosedException("The engine was stopped while this call waited for " + what);
    }

    private PublishCancelledException cancelled(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new PublishCancelledException("Interrupted while waiting for " + what, cause);
    }

    private long millis() {
        return TimeUnit.NANOSECONDS.toMillis(budgetNanos);
    }

    private void waited(long beganNanos) {
        metrics.publishWaited(time.nanos() - beganNanos);
    }
}
