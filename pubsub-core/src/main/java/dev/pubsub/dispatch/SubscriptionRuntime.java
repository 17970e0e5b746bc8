package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription at work: takes accepted copies in, gives them to workers, settles them. {@link #settle} is the only
 * place that settles an attempted copy.
 *
 * <p>Concurrency: publishers touch {@link Intake} only, by compare-and-set. Everything else (backlog, crew, ledger,
 * state) is guarded by {@code lock}, which is held for a few dozen instructions and never while foreign code runs. A
 * worker takes it once a message, to settle one and take the next.
 *
 * <p>Whoever leaves the lock after a change does so by {@link #unlockAndRouse}, which sees to it that work that can be
 * done has somebody who looks for it.
 */
public final class SubscriptionRuntime {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionRuntime.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long AFTER_STORE_FAILURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final DispatchLock lock = new DispatchLock();
    final Intake intake;
    final Backlog backlog;
    final Ledger ledger = new Ledger();
    final DispatchState state;
    final Crew crew;
    final AttemptCounts counts;
    final BreakerHold hold;

    private volatile int roomWaiters; // written under the lock; a publisher that gives a place back looks without it
    private @Nullable Condition room; // these three, guarded by the lock, are made when they are used first
    private @Nullable SubscriptionTimer timer;
    private @Nullable Closing closing;
    private final SubscriptionSpec<?> spec;
    private final DeliveryPipeline pipeline;
    private final RuntimeServices services;
    private final EngineTime time;
    private final Rouser rouser;

    /** A subscription that takes copies, and does not deliver before {@link SubscriptionControl#start}. */
    public SubscriptionRuntime(
            SubscriptionSpec<?> spec, DeliveryPipeline pipeline, AttemptCounts counts, RuntimeServices services) {
        this.spec = spec;
        this.pipeline = pipeline;
        this.counts = counts;
        this.services = services;
        this.time = services.time();
        this.state = new DispatchState(time, services.changesOf(spec.id()));
        this.rouser = new Rouser(this, services.threads().executor(spec.execution()), services.scheduler());
        this.intake = Intake.of(this, rouser, ledger);
        this.backlog = new Backlog(spec.ordering(), intake);
        this.crew = new Crew(this);
        this.hold = new BreakerHold(this);
        if (!spec.autoStartup()) {
            state.stopped(true);
            intake.stop();
        }
    }

    /** The subscription's id. */
    public String id() {
        return spec.id();
    }

    /** What it was subscribed with. */
    public SubscriptionSpec<?> spec() {
        return spec;
    }

    DeliveryPipeline pipeline() {
        return pipeline;
    }

    RuntimeServices services() {
        return services;
    }

    Rouser rouser() {
        return rouser;
    }

    DirectSettlement direct() {
        return new DirectSettlement(this);
    }

    FinalFailures failures() {
        return new FinalFailures(this);
    }

    AbandonedHandlers abandoned() {
        return new AbandonedHandlers(this);
    }

    /** Leaves the lock, and wakes or starts a worker if there is work that nobody looks for. */
    void unlockAndRouse() {
        rouser.unlockAndRouse();
    }

    // ---- from the workers

    /** The loop of a worker. */
    void work(Worker worker) {
        try {
            pipeline.clearContext(); // the pool completes futures, too, with the code that hangs on them
            worker.now(time.nanos());
            services.watchdog().watch(worker);
            Copy copy = next(worker);
            while (copy != null) {
                copy = settle(worker, copy, attempt(worker, copy));
            }
        } catch (Throwable thrown) { // no memory even to settle: the worker must not be missing for ever
            lose(worker);
            log.error("Subscription '{}': a worker ended: {}", spec.id(), SafeText.of(thrown), SafeText.trace(thrown));
        } finally {
            services.watchdog().unwatch(worker);
        }
    }

    private void lose(Worker worker) {
        lock.lock();
        try {
            crew.lose(worker);
        } finally {
            unlockAndRouse();
        }
    }

    private Verdict attempt(Worker worker, Copy copy) {
        try {
            Verdict settledBefore = verdictWithoutAttempt(worker, copy);
            return settledBefore != null ? settledBefore : pipeline.attempt(worker, copy, copy, state);
        } catch (Throwable thrown) { // not the handler's: foreign predicates of a breaker, or no memory left
            log.error(
                    "Subscription '{}': an attempt could not be concluded: {}",
                    spec.id(),
                    SafeText.of(thrown),
                    SafeText.trace(thrown));
            return new Verdict.Dead(Reason.FAILURE, thrown, copy.attempt());
        }
    }

    private @Nullable Verdict verdictWithoutAttempt(Worker worker, Copy copy) {
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
        if (spec.sequenced() && (details == null || details.replayOf == null)) {
            Object key = backlog.orderKey(copy.message());
            boolean blocked = key != null && services.deadLetters().isBlocked(spec.id(), key, copy.acceptedNanos);
            if (blocked) {
                return new Verdict.Dead(Reason.SEQUENCED, null, copy.attempt() - 1);
            }
            worker.now(time.nanos()); // the dead letters may have been busy
        }
        return null;
    }

    /** The next copy for a worker that searches; null once none has come for a moment. */
    private @Nullable Copy next(Worker worker) {
        while (true) {
            Copy copy = takeOrRest(worker);
            if (copy != null) {
                return copy;
            }
            if (!worker.isDismissed()) {
                worker.await(IDLE_NANOS);
            }
            if (!worker.isRoused() && endsIdle(worker)) {
                return null;
            }
            worker.now(time.nanos());
        }
    }

    private @Nullable Copy takeOrRest(Worker worker) {
        lock.lock();
        try {
            Copy copy = take(worker);
            if (copy != null) {
                crew.found(worker);
            } else if (state.isRunning()) {
                crew.rest(worker);
            } else {
                crew.leaveSearching(worker);
                worker.dismiss(); // nothing comes before the next start
            }
            return copy;
        } finally {
            unlockAndRouse();
        }
    }

    private boolean endsIdle(Worker worker) {
        lock.lock();
        try {
            return worker.isDismissed() || crew.leaveIdle(worker);
        } finally {
            unlockAndRouse();
        }
    }

    /** The next copy for a worker, which counts as active from now; null for none. Under the lock. */
    @Nullable
    Copy take(Worker worker) {
        // what arrives comes behind what is ready; taken in one by one, each would cost both sides a cache miss
        if (!backlog.hasReady()) {
            backlog.takeInArrivals();
        }
        Copy copy = null;
        if (state.mayTake(state.isHeld() ? time.nanos() : 0)) {
            // a quarantine takes copies past their keys and their waits: never to be attempted, even if it is lifted
            // now
            worker.takesInQuarantine(state.isQuarantined());
            copy = state.isQuarantined() ? backlog.pollAny(false) : backlog.poll();
        }
        if (copy != null) {
            ledger.begin();
        }
        worker.take(copy);
        return copy;
    }

    /** What becomes of a copy after its attempt, and the worker's next copy. */
    private @Nullable Copy settle(Worker worker, Copy copy, Verdict reported) {
        if (reported == Verdict.LATE) {
            abandoned().returned(copy);
            return null;
        }
        Verdict verdict = reported == Verdict.PROBE_FAILED ? hold.countProbe(copy) : reported;
        Outcome outcome = outcomeOf(copy, verdict);
        Followers.acknowledge(copy, outcome);
        BreakerHold.News news = hold.newsOf(worker, verdict);
        Copy next = null;
        lock.lock();
        try {
            outcome = finishOrGoOn(copy, verdict, outcome, worker.nowNanos());
            if (hold.apply(news, verdict)) {
                scheduleTimer();
            }
            next = worker.isRetired() ? null : take(worker);
            if (worker.isRetired()) {
                crew.lose(worker);
            } else if (next == null) {
                crew.search(worker);
            }
        } finally {
            unlockAndRouse();
        }
        Followers.tell(this, copy, outcome, verdict, worker.nowNanos());
        hold.tell(news);
        if (verdict != Verdict.COMPLETED || copy.detailsIfAny() != null) {
            worker.now(time.nanos()); // to keep a dead letter may take long; the next attempt has its whole time
        }
        if (next != null || worker.isRetired()) {
            worker.goesOn();
            return next;
        }
        services.linger().forArrivals(worker, backlog);
        return next(worker);
    }

    /** Null where the copy goes on. Dead letters are stored here, before anything is settled. */
    @Nullable
    Outcome outcomeOf(Copy copy, Verdict verdict) {
        if (verdict == Verdict.COMPLETED) {
            return Outcome.COMPLETED;
        }
        if (verdict instanceof Verdict.Dead dead) {
            return failures().bury(copy, dead, backlog.orderKey(copy.message()));
        }
        failures().logIfRetried(copy, verdict);
        return verdict == Verdict.DISCARDED ? Outcome.DISCARDED : null;
    }

    /**
     * Under the lock. Answers the outcome, DISCARDED where nobody wants a copy that would go on, null where it goes on,
     * here or (what a transport brought) elsewhere.
     */
    @Nullable
    Outcome finishOrGoOn(Copy copy, Verdict verdict, @Nullable Outcome outcome, long nowNanos) {
        boolean elsewhere = outcome == null && (copy.isRevoked() || (state.isClosed() && copy.inbound() != null));
        boolean unwanted = outcome == null && !elsewhere && (state.isClosed() || copy.isCancelledByCaller());
        Outcome effective = unwanted ? Outcome.DISCARDED : outcome;
        if (effective != null) {
            ledger.settle(effective, nowNanos - copy.acceptedNanos);
            backlog.settled(copy);
            releasePlace();
        } else {
            ledger.leave();
            if (elsewhere) {
                forget(copy);
            } else {
                goOn(copy, verdict);
            }
        }
        signalQuiet();
        return effective;
    }

    /** A copy is active no longer; under the lock. */
    void signalQuiet() {
        if (closing != null) {
            closing.signal();
        }
    }

    /** How the subscription is closed; under the lock. */
    Closing closing() {
        if (closing == null) {
            closing = new Closing(lock.newCondition());
        }
        return closing;
    }

    /** Something is due at another time than before; under the lock. */
    void scheduleTimer() {
        if (timer == null && (backlog.parked() > 0 || state.isHeld())) {
            timer = new SubscriptionTimer(this);
        }
        if (timer != null) {
            timer.schedule();
        }
    }

    /** Nothing falls due until the next {@link #scheduleTimer}; under the lock. */
    void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void goOn(Copy copy, Verdict verdict) {
        if (verdict instanceof Verdict.Retry retry) {
            counts.count(AttemptCounts.Event.RETRY);
            backlog.park(copy.successor(true), time.nanos() + retry.delayNanos());
            scheduleTimer();
        } else if (verdict instanceof Verdict.Dead) { // its store has failed, and its transport has it still
            backlog.park(copy.successor(false), time.nanos() + AFTER_STORE_FAILURE_NANOS);
            scheduleTimer();
        } else if (verdict == Verdict.PROBE_FAILED) {
            backlog.putBehind(copy.successor(false));
        } else if (verdict == Verdict.CANCELLED) {
            backlog.putBack(copy.successor(false));
        } else {
            backlog.putBack(copy); // never begun
        }
    }

    /** What another receiver will get, or this one again, counts as never accepted; under the lock. */
    void forget(Copy copy) {
        backlog.settled(copy);
        backlog.forgotten();
        intake.cancelReservation();
        Followers.tellForgotten(copy);
    }

    boolean hasRoomWaiters() {
        return roomWaiters > 0;
    }

    /** So many more wait for room, or fewer; under the lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void addRoomWaiters(int more) {
        roomWaiters += more;
    }

    /** Where publishers wait for room; under the lock. */
    Condition room() {
        if (room == null) {
            room = lock.newCondition();
        }
        return room;
    }

    /** A copy gives its place back; under the lock. */
    void releasePlace() {
        ledger.release(); // not by way of the intake, whose lines are the publishers'
        if (roomWaiters > 0) {
            room().signal();
        }
    }
}
