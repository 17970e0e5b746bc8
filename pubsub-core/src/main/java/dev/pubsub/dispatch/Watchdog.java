package dev.pubsub.dispatch;

import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends attempts at their deadlines: one scan over the workers' slots for all of them, instead of a timer for each.
 *
 * <p>Workers only write their slots. A scan that finds nothing due is followed by the next one at the earliest deadline
 * it saw, or, for a slot without an attempt, one timeout of its subscription from now: no attempt that begins after the
 * scan can be due before. {@code dueAt} and the task are guarded by this object; the set of workers is concurrent.
 */
public final class Watchdog {

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final EngineTime time;
    private final Scheduler scheduler;
    private final Set<Worker> workers = ConcurrentHashMap.newKeySet();
    private long dueAt = Long.MAX_VALUE;
    private Scheduler.@Nullable Cancellable task;

    /** Scans on the scheduler's threads. */
    public Watchdog(EngineTime time, Scheduler scheduler) {
        this.time = time;
        this.scheduler = scheduler;
    }

    void watch(Worker worker) {
        workers.add(worker);
        scanBy(time.nanos() + worker.runtime().pipeline().timeoutNanos());
    }

    void unwatch(Worker worker) {
        workers.remove(worker);
    }

    private synchronized void scanBy(long nanos) {
        if (nanos >= dueAt) {
            return;
        }
        if (task != null) {
            task.cancel();
        }
        task = scheduler.schedule((Scheduler.DeadlineCheck) this::scan, nanos - time.nanos());
        dueAt = nanos;
    }

    private void scan() {
        synchronized (this) {
            dueAt = Long.MAX_VALUE;
            task = null;
        }
        long next = Long.MAX_VALUE;
        for (Worker worker : workers) {
            next = Math.min(next, inspect(worker));
        }
        if (next != Long.MAX_VALUE) {
            scanBy(next);
        }
    }

    /** Answers when to look at this worker again. */
    private long inspect(Worker worker) {
        long now = time.nanos();
        long nextAttempt = now + worker.runtime().pipeline().timeoutNanos();
        if (!(worker.current() instanceof Copy copy)) {
            return nextAttempt;
        }
        long deadline = copy.word();
        if (deadline <= 0) {
            return nextAttempt; // it has just ended; or it is abandoned, and its worker is unwatched soon
        }
        if (deadline > now) {
            return Math.min(deadline, nextAttempt);
        }
        try {
            return expire(worker, copy, deadline) ? Long.MAX_VALUE : now;
        } catch (Throwable thrown) { // no memory for a stack trace: the scan must go on
            reportFailure(copy, thrown);
            return nextAttempt;
        }
    }

    private boolean expire(Worker worker, Copy copy, long deadline) {
        Thread thread = worker.thread();
        if (thread == null) {
            return false;
        }
        StackTraceElement[] stack = thread.getStackTrace(); // before the end: it is the handler's for certain
        if (!end(worker, copy, deadline)) {
            return false;
        }
        unwatch(worker);
        thread.interrupt(); // it can hit this attempt's handler only: the worker takes no other message
        settle(worker, copy, stack);
        return true;
    }

    /** Under the lock, without which a copy that was put back may have become another worker's since it was seen. */
    private static boolean end(Worker worker, Copy copy, long deadline) {
        SubscriptionRuntime runtime = worker.runtime();
        runtime.enter();
        try {
            return worker.current() == copy && copy.timeOut(deadline);
        } finally {
            runtime.unlockAndRouse();
        }
    }

    /**
     * On a worker's thread where a transport has brought the copy: the store of its dead letters may be as far away as
     * the transport, and the other deadlines must not wait for it.
     */
    private static void settle(Worker worker, Copy copy, StackTraceElement[] stack) {
        SubscriptionRuntime runtime = worker.runtime();
        if (copy.inbound() != null) {
            try {
                runtime.services()
                        .threads()
                        .executor(runtime.spec().execution())
                        .execute(() -> settleHere(worker, copy, stack));
                return;
            } catch (RejectedExecutionException | OutOfMemoryError noThread) { // late is better than never
                log.debug(
                        "Subscription '{}': a timeout is settled by a timer: {}", runtime.id(), SafeText.of(noThread));
            }
        }
        settleHere(worker, copy, stack);
    }

    private static void settleHere(Worker worker, Copy copy, StackTraceElement[] stack) {
        try {
            worker.runtime().abandoned().timedOut(worker, copy, stack);
        } catch (Throwable thrown) {
            reportFailure(copy, thrown);
        }
    }

    private static void reportFailure(Copy copy, Throwable thrown) {
        log.error(
                "Subscription '{}': a timeout could not be settled: {}",
                copy.subscriptionId(),
                SafeText.of(thrown),
                SafeText.trace(thrown));
    }
}
