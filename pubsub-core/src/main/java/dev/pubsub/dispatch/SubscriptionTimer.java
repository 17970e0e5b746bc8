package dev.pubsub.dispatch;

import dev.pubsub.resilience.Breaker;
import dev.pubsub.spi.Scheduler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One timer for a subscription's next parked copy and for the end of its breaker's wait. Everything but {@link #fire}
 * is called under the subscription's lock, which guards the fields.
 */
final class SubscriptionTimer {

    /** Where more falls due, it is taken together: a timer and a wake-up for each cost more than to deliver it. */
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final SubscriptionRuntime runtime;
    private long at = Long.MAX_VALUE;
    private long firedAt = -SHORTEST_NANOS;
    private Scheduler.@Nullable Cancellable task;

    SubscriptionTimer(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** Sees to it that the timer fires by when something is due. */
    void schedule() {
        DispatchState state = runtime.state;
        long now = runtime.services().time().nanos();
        // a hold that is over needs no timer: the next copy asks the breaker
        long due =
                Math.min(runtime.backlog.nextDueNanos(), state.heldUntil() > now ? state.heldUntil() : Long.MAX_VALUE);
        if (due >= at || !state.isRunning() || state.isClosed()) {
            return;
        }
        cancel();
        long wait = Math.max(due, firedAt + SHORTEST_NANOS) - now;
        task = runtime.services().scheduler().schedule(this::fire, wait);
        at = due;
    }

    /** No timer until the next {@link #schedule}. */
    void cancel() {
        if (task != null) {
            task.cancel();
            task = null;
        }
        at = Long.MAX_VALUE;
    }

    private void fire() {
        Breaker breaker = runtime.pipeline().breaker();
        boolean askInVain = !breaker.worthAsking(); // asked outside the lock, since the application may listen
        long askAgainAt = askInVain ? breaker.askAgainAt() : 0;
        runtime.enter();
        try {
            DispatchState state = runtime.state;
            task = null;
            at = Long.MAX_VALUE;
            long now = runtime.services().time().nanos();
            firedAt = now;
            if (state.isRunning()) {
                runtime.backlog.unparkDue(now);
            }
            if (askInVain && state.isHeld() && state.heldUntil() <= now) {
                state.hold(askAgainAt);
            }
            schedule();
        } finally {
            runtime.unlockAndRouse();
        }
    }
}
