package dev.pubsub.resilience;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenOpen;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription's circuit breaker, driven permission by permission, so that an Error counts too: after
 * {@link #acquire} returned a permit, exactly one of {@link #success}, {@link #error} and {@link #release} follows with
 * it. A permit names the half-open phase it was given in; a report with a permit of another phase is kept from a
 * half-open breaker, whose window and permits it would spoil.
 *
 * <p>Any thread may call any method. The instance takes 5 KB and is therefore made at the first attempt; {@code shared}
 * is written once, and {@code trips} at each trip, under this object's lock.
 */
public final class Breaker {

    /** No permit. */
    public static final int DENIED = -1;

    /** A permit that was not given by a half-open breaker. */
    static final int NO_PROBE = 0;

    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    private final SubscriptionSpec<?> spec;
    private final ResilienceRegistries registries;
    private final EngineTime time;
    private volatile @Nullable SharedBreaker shared;
    private volatile long trips;
    private boolean released;

    Breaker(SubscriptionSpec<?> spec, ResilienceRegistries registries, EngineTime time) {
        this.spec = spec;
        this.registries = registries;
        this.time = time;
    }

    /** Its name in Resilience4j's registry. */
    public String name() {
        return ResilienceRegistries.instanceName(spec);
    }

    /** Whether copies wait while it is open. */
    public boolean pausesWhenOpen() {
        return policy().whenOpen() == WhenOpen.PAUSE;
    }

    /** How often one copy may serve as a probe. */
    public int maxProbes() {
        return policy().maxProbes();
    }

    /**
     * Makes the instance now, where the registry is the application's: what has bound that registry is told of it
     * before the engine asks whether somebody shows its meters.
     */
    public void announce() {
        if (isOfApplication() && policy().enabled()) {
            shared();
        }
    }

    /** Whether its instance is kept in the application's registry. */
    public boolean isOfApplication() {
        return registries.isForeign();
    }

    /** A permit for one attempt, or {@link #DENIED}. */
    public int acquire() {
        if (!policy().enabled()) {
            return NO_PROBE;
        }
        SharedBreaker known = shared();
        int permit = known.acquire();
        if (isProbe(permit) && known.takeMissedTrip()) {
            countTrip();
            log.warn("Circuit breaker '{}' tripped, and its wait is over already", SafeText.of(name()));
        }
        return permit;
    }

    /** Whether this permit was given by a half-open breaker. */
    public static boolean isProbe(int permit) {
        return permit > NO_PROBE;
    }

    /**
     * The attempt returned.
     *
     * @return whether the breaker tripped by this report
     */
    public boolean success(int permit, long nanos) {
        SharedBreaker known = shared;
        if (known == null || known.isNoNews(permit, nanos) || !known.isReportable(permit)) {
            return false;
        }
        known.success(permit, nanos);
        return tripped(known);
    }

    /**
     * The attempt failed, exceeded its deadline or panicked.
     *
     * @return whether the breaker tripped by this report
     */
    public boolean error(int permit, long nanos, Throwable thrown) {
        SharedBreaker reported = reportable(permit);
        if (reported == null) {
            return false;
        }
        reported.error(nanos, thrown);
        return tripped(reported);
    }

    /** The attempt says nothing of the handler's health, or was not made. */
    public void release(int permit) {
        SharedBreaker reported = reportable(permit);
        if (reported != null) {
            reported.instance().releasePermission();
        }
    }

    /** Whether it gives no permit before a wait is over or somebody acts. */
    public boolean isOpen() {
        return is(State.OPEN) || is(State.FORCED_OPEN);
    }

    /** Whether it lets only probes pass. */
    public boolean isHalfOpen() {
        return is(State.HALF_OPEN);
    }

    private boolean is(State state) {
        SharedBreaker known = shared;
        return known != null && known.instance().getState() == state;
    }

    /** When, in the engine's nanoseconds, it is worth while to ask again for a permit that was denied just now. */
    public long askAgainAt() {
        SharedBreaker known = shared();
        if (known.reopenIfStuck()) {
            countTrip();
            log.warn(
                    "Circuit breaker '{}' was half-open, without permits, for longer than its wait; it is opened again",
                    SafeText.of(name()));
        }
        return known.askAgainAt();
    }

    /** Whether asking for a permit now could be of use, without asking. */
    public boolean worthAsking() {
        SharedBreaker known = shared;
        return known == null || known.worthAsking();
    }

    /** When, in the engine's nanoseconds, copies that wait for a permit may have one at the earliest; 0: now. */
    public long earliestPermit() {
        SharedBreaker known = shared;
        return known == null || !pausesWhenOpen() ? 0 : known.earliestPermit();
    }

    /** Changes to OPEN that reports of this subscription have brought about. */
    public long trips() {
        return trips;
    }

    /** Resilience4j's name of the state; {@code NONE} before the first attempt. */
    public String state() {
        SharedBreaker known = shared;
        return known == null ? "NONE" : known.instance().getState().name();
    }

    /** In percent; -1 where there were too few calls. */
    public float failureRate() {
        SharedBreaker known = shared;
        return known == null ? -1 : known.instance().getMetrics().getFailureRate();
    }

    /** Permits denied so far in the present state. */
    public long notPermitted() {
        SharedBreaker known = shared;
        return known == null ? 0 : known.instance().getMetrics().getNumberOfNotPermittedCalls();
    }

    /** Removes the instance from its registry, if it was made for the engine. Idempotent. */
    public synchronized void close() {
        SharedBreaker known = shared;
        if (!released) {
            released = true;
            if (known != null) {
                registries.giveBack(known, spec);
            }
        }
    }

    private BreakerPolicy policy() {
        return spec.circuitBreaker();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private synchronized void countTrip() {
        trips++;
    }

    private SharedBreaker shared() {
        SharedBreaker known = shared;
        return known != null ? known : create();
    }

    private synchronized SharedBreaker create() {
        SharedBreaker known = shared;
        if (known == null) {
            known = registries.share(spec, time);
            shared = known;
        }
        return known;
    }

    private @Nullable SharedBreaker reportable(int permit) {
        SharedBreaker known = shared;
        return known == null || !known.isReportable(permit) ? null : known;
    }

    private boolean tripped(SharedBreaker reported) {
        boolean newly = reported.isNewTrip();
        if (newly) {
            countTrip();
        }
        return newly;
    }
}
