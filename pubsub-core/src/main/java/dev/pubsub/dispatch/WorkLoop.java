package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Outcome;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does on its thread: takes a copy, attempts it, settles it, until none has come for a moment. */
final class WorkLoop {

    private static final Logger log = LoggerFactory.getLogger(WorkLoop.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SubscriptionRuntime runtime;
    private final Worker worker;
    private final DeliveryPipeline pipeline;
    private final Linger linger;
    private final EngineTime time;

    WorkLoop(SubscriptionRuntime runtime, Worker worker) {
        this.runtime = runtime;
        this.worker = worker;
        this.pipeline = runtime.pipeline();
        this.linger = runtime.services().linger();
        this.time = runtime.services().time();
    }

    void run() {
        Watchdog watchdog = runtime.services().watchdog();
        try {
            pipeline.clearContext(); // the pool completes futures, too, with the code that hangs on them
            watchdog.watch(worker);
            Copy copy = search();
            while (copy != null) {
                copy = settle(copy, attempt(copy));
            }
        } catch (Throwable thrown) { // no memory even to settle: the worker must not be missing for ever
            lose();
            log.error(
                    "Subscription '{}': a worker ended: {}", runtime.id(), SafeText.of(thrown), SafeText.trace(thrown));
        } finally {
            watchdog.unwatch(worker);
        }
    }

    private void lose() {
        runtime.enter();
        try {
            runtime.crew.lose(worker);
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private Verdict attempt(Copy copy) {
        try {
            Verdict settledBefore = verdictWithoutAttempt(copy);
            return settledBefore != null ? settledBefore : pipeline.attempt(worker, copy, copy, runtime.state);
        } catch (Throwable thrown) { // not the handler's: foreign predicates of a breaker, or no memory left
            log.error(
                    "Subscription '{}': an attempt could not be concluded: {}",
                    runtime.id(),
                    SafeText.of(thrown),
                    SafeText.trace(thrown));
            return new Verdict.Dead(Reason.FAILURE, thrown, copy.attempt());
        }
    }

    private @Nullable Verdict verdictWithoutAttempt(Copy copy) {
        Copy.Details details = copy.detailsIfAny();
        if (copy.isRevoked()) {
            return Verdict.CANCELLED;
        }
        if (details != null && details.conditionFailure != null) {
            return new Verdict.Dead(Reason.UNDELIVERABLE, details.conditionFailure, 0);
        }
        if (worker.tookInQuarantine()) {
            return new Verdict.Dead(Reason.QUARANTINED, null, copy.attempt() - 1);
        }
        if (runtime.spec().sequenced() && (details == null || details.replayOf == null)) {
            Object key = runtime.backlog.orderKey(copy.message());
            boolean blocked =
                    key != null && runtime.services().deadLetters().isBlocked(runtime.id(), key, copy.acceptedNanos);
            if (blocked) {
                return new Verdict.Dead(Reason.SEQUENCED, null, copy.attempt() - 1);
            }
            worker.now(time.nanos()); // the dead letters may have been busy
        }
        return null;
    }

    /** Settles a copy, and answers the next one; null where the worker is to end. */
    private @Nullable Copy settle(Copy copy, Verdict verdict) {
        Copy next = verdict == Verdict.COMPLETED ? worker.settleAndGoOn(copy) : null;
        if (next != null) { // nearly always, where copies are many and handlers fast
            runtime.counts.settled(copy, Outcome.COMPLETED, verdict, worker.nowNanos() - copy.acceptedNanos);
            worker.goesOn();
            return next;
        }
        boolean plain = verdict == Verdict.COMPLETED && copy.detailsIfAny() == null; // nobody waits for its outcome
        if (plain && linger.whileFewArrive(worker, runtime.backlog)) {
            worker.now(time.nanos()); // that was no part of the next attempt
        }
        next = runtime.settle(worker, copy, verdict);
        if (next != null || worker.isRetired()) {
            worker.goesOn();
            return next;
        }
        linger.forArrivals(worker, runtime.backlog);
        return search();
    }

    /** The next copy for a worker that searches; null once none has come for a moment. */
    private @Nullable Copy search() {
        while (true) {
            worker.now(time.nanos());
            Copy copy = takeOrRest();
            if (copy != null) {
                return copy;
            }
            if (!worker.isDismissed()) {
                worker.await(IDLE_NANOS);
            }
            if (!worker.isRoused() && endsIdle()) {
                return null;
            }
        }
    }

    private @Nullable Copy takeOrRest() {
        runtime.lock.lock();
        try {
            Copy copy = runtime.take(worker);
            if (copy != null) {
                runtime.crew.found(worker);
            } else if (runtime.state.isRunning()) {
                runtime.crew.rest(worker);
            } else {
                runtime.crew.leaveSearching(worker);
                worker.dismiss(); // nothing comes before the next start
            }
            return copy;
        } finally {
            runtime.unlockAndRouse();
        }
    }

    private boolean endsIdle() {
        runtime.lock.lock();
        try {
            return worker.isDismissed() || runtime.crew.leaveIdle(worker);
        } finally {
            runtime.unlockAndRouse();
        }
    }
}
