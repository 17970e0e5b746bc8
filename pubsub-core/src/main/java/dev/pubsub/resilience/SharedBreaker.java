package dev.pubsub.resilience;

import dev.pubsub.spi.EngineTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An instance of Resilience4j, and what must be known of its states beyond what it tells: shared by all subscriptions
 * that name it.
 *
 * <p>A half-open phase, and the open state that follows a window, are told apart by the window's {@code Metrics}, of
 * which each CLOSED and HALF_OPEN state has its own and OPEN keeps those of the state before. So a trip has exactly one
 * first observer, and a permit belongs to exactly one phase, whatever happens between two looks at the state. (A
 * listener would tell, too, but costs every success 60 ns.)
 *
 * <p>Concurrency: any thread calls any method. The fields are guarded by this object, which is never held while
 * listeners may run; a success of a closed breaker does not take it.
 */
final class SharedBreaker {

    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long POLL_UNUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CircuitBreaker instance;
    private final EngineTime time;
    private final @Nullable Streak streak;
    private final AtomicInteger tripsSinceClosed = new AtomicInteger();
    private CircuitBreaker.@Nullable Metrics lastTrip;
    private CircuitBreaker.@Nullable Metrics halfOpen;
    private boolean tripClaimed;
    private boolean tripMissed;
    private int phase = Breaker.NO_PROBE;
    private int probes; // permits of the present half-open phase that were not reported yet
    private long openedAt;
    private long deniedSince;

    /** Exclusive: nobody but this object reports to the instance. */
    SharedBreaker(CircuitBreaker instance, EngineTime time, boolean exclusive) {
        this.instance = instance;
        this.time = time;
        this.streak = exclusive ? Streak.of(instance.getCircuitBreakerConfig()) : null;
    }

    CircuitBreaker instance() {
        return instance;
    }

    int acquire() {
        if (streak != null && streak.fillsWindow()) {
            return Breaker.NO_PROBE;
        }
        if (!instance.tryAcquirePermission()) {
            return Breaker.DENIED;
        }
        State state = instance.getState();
        if (state == State.CLOSED) {
            if (tripsSinceClosed.get() != 0) {
                tripsSinceClosed.set(0);
            }
            return Breaker.NO_PROBE;
        }
        return state == State.HALF_OPEN ? probe() : Breaker.NO_PROBE;
    }

    private synchronized int probe() {
        CircuitBreaker.Metrics window = instance.getMetrics();
        if (instance.getState() != State.HALF_OPEN) {
            return Breaker.NO_PROBE; // its phase is over already
        }
        if (window != halfOpen) {
            halfOpen = window;
            phase++;
            probes = 0;
            tripMissed = !tripClaimed; // whoever tripped it has not looked before its wait was over
            tripClaimed = false;
        }
        probes++;
        deniedSince = 0;
        return phase;
    }

    /** Whether this half-open phase follows a trip that nobody has said yet; asked after a probe's permit was given. */
    synchronized boolean takeMissedTrip() {
        boolean missed = tripMissed;
        tripMissed = false;
        return missed;
    }

    /** Whether the report of a permit may be passed on; called once for each permit. */
    boolean isReportable(int permit) {
        if (permit == Breaker.NO_PROBE) {
            return instance.getState() != State.HALF_OPEN; // its window and permits are for probes
        }
        synchronized (this) {
            if (permit == phase) {
                probes--;
            }
            return instance.getState() != State.HALF_OPEN || (permit == phase && instance.getMetrics() == halfOpen);
        }
    }

    /** Whether a success need not be reported, since it would change nothing. */
    boolean isNoNews(int permit, long nanos) {
        return streak != null && permit == Breaker.NO_PROBE && streak.fillsWindow() && streak.isFast(nanos);
    }

    /** An attempt returned, whose permit {@link #isReportable}. */
    void success(int permit, long nanos) {
        if (streak == null) {
            instance.onSuccess(nanos, TimeUnit.NANOSECONDS);
        } else if (permit == Breaker.NO_PROBE && streak.isFast(nanos)) {
            long before = streak.before();
            instance.onSuccess(nanos, TimeUnit.NANOSECONDS);
            if (instance.getState() == State.CLOSED) {
                streak.count(before);
            } else { // it may have tripped by this success, after others were reported to the closed one
                streak.end();
            }
        } else {
            streak.end();
            instance.onSuccess(nanos, TimeUnit.NANOSECONDS);
            streak.end();
        }
    }

    /** An attempt failed, whose permit {@link #isReportable}. */
    void error(long nanos, Throwable thrown) {
        if (streak != null) {
            streak.end();
        }
        instance.onError(nanos, TimeUnit.NANOSECONDS, thrown);
        if (streak != null) {
            streak.end();
        }
    }

    /** Whether it tripped, and nobody has said so yet. */
    boolean isNewTrip() {
        return instance.getState() == State.OPEN && claimTrip();
    }

    private synchronized boolean claimTrip() {
        CircuitBreaker.Metrics window = instance.getMetrics();
        if (instance.getState() != State.OPEN || window == lastTrip) {
            return false;
        }
        lastTrip = window;
        tripClaimed = true;
        openedAt = time.nanos();
        tripsSinceClosed.incrementAndGet();
        return true;
    }

    /** When it is worth while to ask again for a permit that was denied just now. */
    long askAgainAt() {
        long wait = waitNanos();
        long now = time.nanos();
        synchronized (this) {
            return askAgainAt(now, wait);
        }
    }

    private long askAgainAt(long now, long wait) {
        State state = instance.getState();
        if (state == State.HALF_OPEN) {
            return now + (probes > 0 ? POLL_NANOS : POLL_UNUSED_NANOS);
        }
        if (state == State.OPEN && instance.getMetrics() == lastTrip) {
            long due = openedAt + wait + MARGIN_NANOS;
            // also poll: somebody may close or reset the breaker by hand
            return due > now ? Math.min(due, now + POLL_NANOS) : now + MARGIN_NANOS;
        }
        return now + POLL_NANOS;
    }

    /** Whether asking for a permit now could be of use, without asking. */
    boolean worthAsking() {
        return switch (instance.getState()) {
            case OPEN -> isWaitOver(waitNanos());
            case FORCED_OPEN -> false;
            default -> true;
        };
    }

    /** When a permit may be had at the earliest; 0: now. */
    long earliestPermit() {
        return switch (instance.getState()) {
            case OPEN -> waitEnd(waitNanos());
            case FORCED_OPEN -> Long.MAX_VALUE;
            default -> 0;
        };
    }

    private synchronized long waitEnd(long wait) {
        return instance.getMetrics() == lastTrip ? openedAt + wait : 0;
    }

    private synchronized boolean isWaitOver(long wait) {
        return instance.getMetrics() != lastTrip || time.nanos() >= openedAt + wait + MARGIN_NANOS;
    }

    /**
     * A half-open breaker has no maximum of its own time by default. Our permits are always reported; where it denies
     * and none of them is out, somebody else took permits and never reported. After an open wait it is opened again.
     *
     * @return whether it was
     */
    boolean reopenIfStuck() {
        if (!isStuck(waitNanos())) {
            return false;
        }
        instance.transitionToOpenState();
        return isNewTrip();
    }

    private synchronized boolean isStuck(long wait) {
        long now = time.nanos();
        if (instance.getState() != State.HALF_OPEN || (instance.getMetrics() == halfOpen && probes > 0)) {
            deniedSince = 0;
        } else if (deniedSince == 0) {
            deniedSince = now;
        } else if (now - deniedSince > wait) {
            deniedSince = 0;
            return true;
        }
        return false;
    }

    private long waitNanos() {
        long millis = instance.getCircuitBreakerConfig()
                .getWaitIntervalFunctionInOpenState()
                .apply(Math.max(1, tripsSinceClosed.get()));
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
