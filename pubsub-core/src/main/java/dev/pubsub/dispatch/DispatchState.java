package dev.pubsub.dispatch;

import dev.pubsub.Subscription.State;
import dev.pubsub.delivery.Gate;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SubscriptionListener.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Whether a subscription's copies may be attempted now. Manual pause, circuit breaker and quarantine are separate
 * causes. Written under the subscription's lock; {@code open}, the sum of all but the breaker, is read by workers at
 * the last moment before they call the handler.
 */
final class DispatchState implements Gate {

    private final @Nullable StateChanges changes; // null where nobody listens
    private final EngineTime time;
    private boolean running;
    private boolean paused;
    private boolean stopped;
    private boolean quarantined;
    private boolean closed;
    private volatile long heldUntil; // read without the lock by receivers, who then look again under it
    private long pausedAt; // when each cause of a pause began, in the engine's nanoseconds
    private long quarantinedAt;
    private long heldAt;
    private volatile boolean open;

    DispatchState(EngineTime time, @Nullable StateChanges changes) {
        this.time = time;
        this.changes = changes;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Whether a worker may take a copy now, be it only to settle it without an attempt. */
    boolean mayTake(long nowNanos) {
        return running && !closed && (quarantined || (open && nowNanos >= heldUntil));
    }

    /** Whether copies are attempted now, or will be once the breaker permits it. */
    boolean isDelivering() {
        return open;
    }

    void running(boolean value) {
        running = value;
        update();
    }

    void paused(boolean value) {
        if (value && !paused) {
            pausedAt = time.nanos();
        }
        paused = value;
        update();
        note(Cause.MANUAL, value);
    }

    void stopped(boolean value) {
        stopped = value;
        update();
    }

    void quarantined(boolean value) {
        if (value && !quarantined) {
            quarantinedAt = time.nanos();
        }
        quarantined = value;
        update();
        note(Cause.QUARANTINE, value);
    }

    void close() {
        closed = true;
        update();
    }

    /** The breaker has no permit to give until then, in the engine's nanoseconds. */
    void hold(long untilNanos) {
        if (!isHeld()) {
            heldAt = time.nanos(); // probes that fail only prolong the hold
        }
        heldUntil = untilNanos;
        note(Cause.CIRCUIT_BREAKER, true);
    }

    void releaseHold() {
        heldUntil = 0;
        note(Cause.CIRCUIT_BREAKER, false);
    }

    boolean isHeld() {
        return heldUntil != 0;
    }

    long heldUntil() {
        return heldUntil;
    }

    boolean isRunning() {
        return running;
    }

    boolean isQuarantined() {
        return quarantined;
    }

    boolean isClosed() {
        return closed;
    }

    State state(boolean breakerPauses) {
        if (closed || stopped) {
            return State.STOPPED;
        }
        if (quarantined) {
            return State.QUARANTINED;
        }
        return paused || breakerPauses ? State.PAUSED : State.RUNNING;
    }

    @Nullable
    String pausedBy(boolean breakerPauses) {
        if (quarantined) {
            return "quarantine";
        }
        if (paused) {
            return "manual";
        }
        return breakerPauses ? "circuit-breaker" : null;
    }

    private void note(Cause cause, boolean holds) {
        if (changes != null) {
            changes.note(cause, holds);
        }
    }

    /** Sees to it that listeners are told of changes; after the lock was left. */
    void tellChanges() {
        if (changes != null) {
            changes.tell();
        }
    }

    /** For how long the cause that {@link #pausedBy} names has held; 0 without one. */
    long pausedForNanos(boolean breakerPauses) {
        if (quarantined) {
            return time.nanos() - quarantinedAt;
        }
        if (paused) {
            return time.nanos() - pausedAt;
        }
        return breakerPauses && isHeld() ? time.nanos() - heldAt : 0;
    }

    private void update() {
        open = running && !paused && !stopped && !quarantined && !closed;
    }
}
