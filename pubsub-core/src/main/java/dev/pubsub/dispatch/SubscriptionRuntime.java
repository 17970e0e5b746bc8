package dev.pubsub.dispatch;

import dev.pubsub.CircuitOpenException;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Outcome;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription at work: takes accepted copies in, gives them to workers, settles them. {@link #settle} is the only
 * place that settles an attempted copy.
 *
 * <p>Concurrency: publishers touch {@link Places} and the inbox of {@link Backlog} only, by compare-and-set. Everything
 * else (backlog, crew, ledger, state) is guarded by {@code lock}, which is held for a few dozen instructions and never
 * while foreign code runs. A worker takes it once a message, to settle one and take the next.
 *
 * <p>Whoever leaves the lock after a change does so by {@link #unlockAndRouse}, which sees to it that work that can be
 * done has somebody who looks for it.
 */
public final class SubscriptionRuntime {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionRuntime.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    final ReentrantLock lock = new ReentrantLock();
    final Condition room = lock.newCondition();
    final Condition quiet = lock.newCondition();
    final Places places;
    final Backlog backlog;
    final Ledger ledger = new Ledger();
    final DispatchState state = new DispatchState();
    final Crew crew;
    final FinalFailures failures;
    final AttemptCounts counts;
    final BreakerHold hold;
    final SubscriptionTimer timer;
    final AtomicInteger roomWaiters = new AtomicInteger(); // a publisher that gives a place back looks without the lock
    final AbandonedHandlers abandoned;
    final DirectSettlement direct;
    int quietWaiters;
    long retries;

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
        Entrance entrance = new Entrance();
        this.places = new Places(spec.queueCapacity() + spec.concurrency(), entrance, ledger);
        this.backlog = new Backlog(spec.ordering(), entrance);
        this.crew = new Crew(spec.concurrency(), () -> new Worker(this));
        this.hold = new BreakerHold(spec, pipeline, state);
        this.timer = new SubscriptionTimer(this);
        this.failures = new FinalFailures(spec, services.deadLetters());
        this.abandoned = new AbandonedHandlers(this);
        this.direct = new DirectSettlement(this);
        this.rouser = new Rouser(this, services.threads().executor(spec.execution()), services.scheduler());
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

    /** Leaves the lock, and wakes or starts a worker if there is work that nobody looks for. */
    void unlockAndRouse() {
        rouser.unlockAndRouse();
    }

    Subscription.State currentState() {
        boolean breakerPauses = hold.isPausing();
        lock.lock();
        try {
            return state.state(breakerPauses);
        } finally {
            lock.unlock();
        }
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
            if (endsIdle(worker)) {
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

    private @Nullable Copy take(Worker worker) {
        if (!backlog
                .hasReady()) { // arrivals come behind those; one by one, publisher and worker would share each cache
            // line
            backlog.takeInArrivals();
        }
        if (!state.mayTake(state.isHeld() ? time.nanos() : 0)) {
            return null;
        }
        // a quarantine takes copies past their keys and their waits: never to be attempted, even if it is lifted now
        worker.takesInQuarantine(state.isQuarantined());
        Copy copy = state.isQuarantined() ? backlog.pollAny(false) : backlog.poll();
        if (copy != null) {
            ledger.active++;
        }
        return copy;
    }

    /** What becomes of a copy after its attempt, and the worker's next copy. */
    private @Nullable Copy settle(Worker worker, Copy copy, Verdict reported) {
        if (reported == Verdict.LATE) {
            abandoned.returned(copy);
            return null;
        }
        Verdict verdict = reported == Verdict.PROBE_FAILED ? countProbe(copy) : reported;
        Outcome outcome = outcomeOf(copy, verdict);
        BreakerHold.News news = hold.newsOf(worker, verdict);
        Copy next = null;
        lock.lock();
        try {
            outcome = finishOrGoOn(copy, verdict, outcome, worker.nowNanos());
            if (hold.apply(news, verdict)) {
                timer.schedule();
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
        announce(copy, outcome, worker.nowNanos());
        hold.log(news);
        if (verdict != Verdict.COMPLETED || copy.detailsIfAny() != null) {
            worker.now(time.nanos()); // to keep a dead letter may take long; the next attempt has its whole time
        }
        if (next != null || worker.isRetired()) {
            return next;
        }
        services.linger().forArrivals(backlog);
        return next(worker);
    }

    /** Null where the copy goes on. Dead letters are stored here, before anything is settled. */
    @Nullable
    Outcome outcomeOf(Copy copy, Verdict verdict) {
        if (verdict == Verdict.COMPLETED) {
            return Outcome.COMPLETED;
        }
        if (verdict instanceof Verdict.Dead dead) {
            return failures.bury(copy, dead, backlog.orderKey(copy.message()));
        }
        failures.logIfRetried(copy, verdict);
        return verdict == Verdict.DISCARDED ? Outcome.DISCARDED : null;
    }

    private Verdict countProbe(Copy copy) {
        if (++copy.details().probes < pipeline.breaker().maxProbes()) {
            return Verdict.PROBE_FAILED;
        }
        String text = "Subscription '" + spec.id() + "': failed "
                + pipeline.breaker().maxProbes() + " times as a probe of the circuit breaker";
        return new Verdict.Dead(Reason.CIRCUIT_OPEN, new CircuitOpenException(text), copy.attempt());
    }

    /**
     * Under the lock. Answers the outcome, DISCARDED where nobody wants a copy that would go on, null where it goes on.
     */
    @Nullable
    Outcome finishOrGoOn(Copy copy, Verdict verdict, @Nullable Outcome outcome, long nowNanos) {
        Outcome effective =
                outcome == null && (state.isClosed() || copy.isCancelledByCaller()) ? Outcome.DISCARDED : outcome;
        if (effective != null) {
            ledger.settle(effective, nowNanos - copy.acceptedNanos);
            backlog.settled(copy);
            releasePlace();
        } else {
            ledger.active--;
            goOn(copy, verdict);
        }
        signalQuiet();
        return effective;
    }

    void signalQuiet() {
        if (quietWaiters > 0) {
            quiet.signalAll();
        }
    }

    private void goOn(Copy copy, Verdict verdict) {
        if (verdict instanceof Verdict.Retry retry) {
            retries++;
            backlog.park(copy.successor(true), time.nanos() + retry.delayNanos());
            timer.schedule();
        } else if (verdict == Verdict.PROBE_FAILED) {
            backlog.putBehind(copy.successor(false));
        } else if (verdict == Verdict.CANCELLED) {
            backlog.putBack(copy.successor(false));
        } else {
            backlog.putBack(copy); // never begun
        }
    }

    boolean hasRoomWaiters() {
        return roomWaiters.get() > 0;
    }

    /** A copy gives its place back; under the lock. */
    void releasePlace() {
        places.release();
        if (roomWaiters.get() > 0) {
            room.signal();
        }
    }

    /** Tells those who follow a settled copy; outside the lock. */
    void announce(@Nullable Copy copy, @Nullable Outcome outcome, long nowNanos) {
        if (copy == null || outcome == null) {
            return;
        }
        counts.settled(nowNanos - copy.acceptedNanos);
        Copy.Details details = copy.detailsIfAny();
        if (details == null) {
            return;
        }
        if (details.replayOf != null && outcome != Outcome.DEAD_LETTERED) {
            services.deadLetters().replayEnded(details.replayOf);
        }
        if (details.retry != null && outcome == Outcome.COMPLETED) {
            details.retry.succeeded();
        }
        if (details.tracker != null) {
            details.tracker.settled(this, outcome);
        }
    }
}
