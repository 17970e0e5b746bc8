package dev.pubsub.resilience;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.WhenOpen;
import dev.pubsub.spi.EngineTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One subscription's circuit breaker, driven permission by permission, so that an Error counts too: after
 * {@link #acquire} returned a permit, exactly one of {@link #success}, {@link #error} and {@link #release} follows with
 * it.
 *
 * <p>Any thread may call any method. The window and the state are Resilience4j's; what is added here:
 *
 * <ul>
 *   <li>{@code open} is the edge detector of trips. Whoever sees OPEN after its own report sets it by compare-and-set,
 *       and counts the trip; the first permit after it clears it. (A listener would cost every success 60 ns.)
 *   <li>A permit names the half-open phase it was given in, 0 for CLOSED. A report with a permit of another phase is
 *       kept from a half-open breaker, whose window and permits it would spoil.
 * </ul>
 *
 * <p>5 KB, therefore made at the first attempt; {@code instance} is written once, under this object's lock.
 */
public final class Breaker {

    /** No permit. */
    public static final int DENIED = -1;

    private static final int CLOSED = 0;
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String name;
    private final BreakerPolicy policy;
    private final Supplier<CircuitBreaker> factory;
    private final Runnable releaser;
    private final EngineTime time;
    private final AtomicBoolean open = new AtomicBoolean();
    private final AtomicLong trips = new AtomicLong();
    private final AtomicInteger probes = new AtomicInteger(); // permits of the present half-open phase not reported yet
    private volatile @Nullable CircuitBreaker instance;
    private final AtomicInteger phase = new AtomicInteger(CLOSED + 1);
    private final AtomicInteger tripsSinceClosed = new AtomicInteger();
    private volatile long openedAt;
    private volatile long deniedSince;
    private boolean released;

    Breaker(String name, BreakerPolicy policy, Supplier<CircuitBreaker> factory, Runnable releaser, EngineTime time) {
        this.name = name;
        this.policy = policy;
        this.factory = factory;
        this.releaser = releaser;
        this.time = time;
    }

    /** Its name in Resilience4j's registry. */
    public String name() {
        return name;
    }

    /** Whether copies wait while it is open. */
    public boolean pausesWhenOpen() {
        return policy.whenOpen() == WhenOpen.PAUSE;
    }

    /** How often one copy may serve as a probe. */
    public int maxProbes() {
        return policy.maxProbes();
    }

    /** A permit for one attempt, or {@link #DENIED}. */
    public int acquire() {
        if (!policy.enabled()) {
            return CLOSED;
        }
        CircuitBreaker breaker = instance();
        if (!breaker.tryAcquirePermission()) {
            return DENIED;
        }
        if (breaker.getState() != State.HALF_OPEN) {
            if (open.get()) {
                open.set(false);
            }
            if (tripsSinceClosed.get() != 0 && breaker.getState() == State.CLOSED) {
                tripsSinceClosed.set(0);
            }
            return CLOSED;
        }
        if (open.compareAndSet(true, false)) {
            phase.incrementAndGet(); // the one thread that cleared the edge begins the phase
            probes.set(0);
        }
        deniedSince = 0;
        probes.incrementAndGet();
        return phase.get();
    }

    /** Whether this permit was given by a half-open breaker. */
    public static boolean isProbe(int permit) {
        return permit > CLOSED;
    }

    /**
     * The attempt returned.
     *
     * @return whether the breaker tripped by this report
     */
    public boolean success(int permit, long nanos) {
        CircuitBreaker breaker = reportable(permit);
        if (breaker == null) {
            return false;
        }
        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        return tripped(breaker);
    }

    /**
     * The attempt failed, exceeded its deadline or panicked.
     *
     * @return whether the breaker tripped by this report
     */
    public boolean error(int permit, long nanos, Throwable thrown) {
        CircuitBreaker breaker = reportable(permit);
        if (breaker == null) {
            return false;
        }
        breaker.onError(nanos, TimeUnit.NANOSECONDS, thrown);
        return tripped(breaker);
    }

    /** The attempt says nothing of the handler's health, or was not made. */
    public void release(int permit) {
        CircuitBreaker breaker = reportable(permit);
        if (breaker != null) {
            breaker.releasePermission();
        }
    }

    /** Whether copies must wait: it is open, or half-open without a permit to give. */
    public boolean isOpen() {
        CircuitBreaker breaker = instance;
        return breaker != null && (breaker.getState() == State.OPEN || breaker.getState() == State.FORCED_OPEN);
    }

    /** Whether it lets only probes pass. */
    public boolean isHalfOpen() {
        CircuitBreaker breaker = instance;
        return breaker != null && breaker.getState() == State.HALF_OPEN;
    }

    /** When, in the engine's nanoseconds, it is worth while to ask again for a permit that was denied just now. */
    public long askAgainAt() {
        CircuitBreaker breaker = instance();
        long now = time.nanos();
        if (breaker.getState() == State.HALF_OPEN) {
            recoverStuckHalfOpen(breaker, now);
            return now + POLL_NANOS;
        }
        if (breaker.getState() == State.OPEN && open.get()) {
            long due = openedAt + waitNanos(breaker) + MARGIN_NANOS;
            // also poll: somebody may close or reset the breaker by hand
            return due > now ? Math.min(due, now + POLL_NANOS) : now + MARGIN_NANOS;
        }
        return now + POLL_NANOS;
    }

    /** Whether asking for a permit now could be of use, without asking. */
    public boolean worthAsking() {
        CircuitBreaker breaker = instance;
        if (breaker == null || breaker.getState() == State.CLOSED) {
            return true;
        }
        return switch (breaker.getState()) {
            case OPEN -> !open.get() || time.nanos() >= openedAt + waitNanos(breaker) + MARGIN_NANOS;
            case FORCED_OPEN -> false;
            default -> true;
        };
    }

    /** When, in the engine's nanoseconds, copies that wait for a permit may have one at the earliest; 0: now. */
    public long earliestPermit() {
        CircuitBreaker breaker = instance;
        if (breaker == null || !pausesWhenOpen()) {
            return 0;
        }
        return switch (breaker.getState()) {
            case OPEN -> open.get() ? openedAt + waitNanos(breaker) : 0;
            case FORCED_OPEN -> Long.MAX_VALUE;
            default -> 0;
        };
    }

    /** Changes to OPEN so far. */
    public long trips() {
        return trips.get();
    }

    /** Resilience4j's name of the state; {@code NONE} before the first attempt. */
    public String state() {
        CircuitBreaker breaker = instance;
        return breaker == null ? "NONE" : breaker.getState().name();
    }

    /** In percent; -1 where there were too few calls. */
    public float failureRate() {
        CircuitBreaker breaker = instance;
        return breaker == null ? -1 : breaker.getMetrics().getFailureRate();
    }

    /** Permits denied so far in the present state. */
    public long notPermitted() {
        CircuitBreaker breaker = instance;
        return breaker == null ? 0 : breaker.getMetrics().getNumberOfNotPermittedCalls();
    }

    /** Removes the instance from its registry, if it was made for the engine. Idempotent. */
    public synchronized void close() {
        if (!released) {
            released = true;
            if (instance != null) {
                releaser.run();
            }
        }
    }

    private CircuitBreaker instance() {
        CircuitBreaker breaker = instance;
        return breaker != null ? breaker : create();
    }

    private synchronized CircuitBreaker create() {
        CircuitBreaker breaker = instance;
        if (breaker == null) {
            breaker = factory.get();
            instance = breaker;
        }
        return breaker;
    }

    private @Nullable CircuitBreaker reportable(int permit) {
        CircuitBreaker breaker = instance;
        if (breaker == null) {
            return null;
        }
        if (permit == phase.get()) {
            probes.decrementAndGet();
            return breaker;
        }
        return breaker.getState() == State.HALF_OPEN ? null : breaker;
    }

    private boolean tripped(CircuitBreaker breaker) {
        if (breaker.getState() != State.OPEN || !open.compareAndSet(false, true)) {
            return false;
        }
        openedAt = time.nanos();
        tripsSinceClosed.incrementAndGet();
        trips.incrementAndGet();
        return true;
    }

    private long waitNanos(CircuitBreaker breaker) {
        long millis = breaker.getCircuitBreakerConfig()
                .getWaitIntervalFunctionInOpenState()
                .apply(Math.max(1, tripsSinceClosed.get()));
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * A half-open breaker has no maximum of its own time by default. Our permits are always reported; where it denies
     * and none of them is out, somebody else took permits and never reported. After an open wait it is opened again.
     */
    private void recoverStuckHalfOpen(CircuitBreaker breaker, long now) {
        if (probes.get() > 0) {
            deniedSince = 0;
        } else if (deniedSince == 0) {
            deniedSince = now;
        } else if (now - deniedSince > waitNanos(breaker)) {
            deniedSince = 0;
            breaker.transitionToOpenState();
            tripped(breaker);
        }
    }
}
