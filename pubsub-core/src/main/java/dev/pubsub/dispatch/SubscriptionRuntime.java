package dev.pubsub.dispatch;

import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.EngineTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A subscription at work: takes accepted copies in, gives them to workers, settles them. {@link #settle} settles what
 * was attempted, but for the plainest success, which a {@link Prefetcher} may settle without the lock.
 *
 * <p>Concurrency: publishers touch {@link Intake} only, by compare-and-set. Everything else (backlog, crew, ledger,
 * state) is guarded by {@code lock}, which is held for a few dozen instructions and never while foreign code runs. A
 * worker takes it once a message, to settle one and take the next, or once for some. Whoever else takes it does so by
 * {@link #enter}.
 *
 * <p>Whoever leaves the lock after a change does so by {@link #unlockAndRouse}, which sees to it that work that can be
 * done has somebody who looks for it.
 */
public final class SubscriptionRuntime {

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

    /** Takes the lock for anybody but a worker of this subscription: none has more than one copy from then. */
    void enter() {
        lock.lock();
        crew.recall();
    }

    /** Leaves the lock, and wakes or starts a worker if there is work that nobody looks for. */
    void unlockAndRouse() {
        rouser.unlockAndRouse();
    }

    // ---- from the workers, see WorkLoop

    /** The next copy for a worker, which counts as active from now; null for none. Under the lock. */
    @Nullable
    Copy take(Worker worker) {
        // what arrives comes behind what is ready; taken in one by one, each would cost both sides a cache miss
        if (!backlog.hasReady()) {
            backlog.takeInArrivals();
            worker.looks();
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
        if (copy != null && worker.mayTakeSeveral() && backlog.hasReady() && mayPrefetch(copy)) {
            worker.prefetch(copy);
        }
        return copy;
    }

    private boolean mayPrefetch(Copy first) {
        boolean plain = first.detailsIfAny() == null && !state.isHeld() && !state.isQuarantined();
        return plain && roomWaiters == 0;
    }

    /** What becomes of a copy after its attempt, and the worker's next copy; null for none. */
    @Nullable
    Copy settle(Worker worker, Copy copy, Verdict reported) {
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
            Copy claimed = worker.comeBack(copy);
            if (!copy.isDone()) {
                outcome = finishOrGoOn(copy, verdict, outcome, worker.nowNanos());
            }
            if (hold.apply(news, verdict)) {
                scheduleTimer();
            }
            next = nextOf(worker, claimed);
        } finally {
            unlockAndRouse();
        }
        Followers.tell(this, copy, outcome, verdict, worker.nowNanos());
        hold.tell(news);
        if (verdict != Verdict.COMPLETED || copy.detailsIfAny() != null) {
            worker.now(time.nanos()); // to keep a dead letter may take long; the next attempt has its whole time
        }
        return next;
    }

    private @Nullable Copy nextOf(Worker worker, @Nullable Copy claimed) {
        if (worker.isRetired()) {
            crew.lose(worker);
            return null;
        }
        if (claimed != null) {
            worker.take(claimed);
            return claimed;
        }
        Copy next = take(worker);
        if (next == null) {
            crew.search(worker);
        }
        return next;
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
            releasePlaces(1);
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

    /**
     * So many copies that a worker had one after another have completed, and it has another one or none; under the
     * lock.
     */
    void completed(int copies, long latencyTotalNanos, long latencyMaxNanos, boolean another) {
        ledger.complete(copies, latencyTotalNanos, latencyMaxNanos, another);
        releasePlaces(copies);
        signalQuiet();
    }

    /** So many copies give their places back; under the lock. */
    void releasePlaces(int places) {
        ledger.release(places); // not by way of the intake, whose lines are the publishers'
        for (int i = Math.min(places, roomWaiters); i > 0; i--) {
            room().signal();
        }
    }
}
