package dev.pubsub.test;

import dev.pubsub.Delivery;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An attempt whose handler has been called and has not returned. Safe for use by any thread. */
final class RunningAttempt {

    private final Delivery delivery;
    private volatile @Nullable BooleanSupplier held;
    private volatile boolean timingOut;

    RunningAttempt(Delivery delivery) {
        this.delivery = delivery;
    }

    Delivery delivery() {
        return delivery;
    }

    String subscription() {
        return delivery.subscriptionId();
    }

    /** While this holds it does not end by itself, so that nobody is to wait for it before time goes on. */
    void hangsWhile(BooleanSupplier condition) {
        held = condition;
    }

    /** As {@link #hangsWhile}, and whoever waits until all is settled moves the clock to its deadline. */
    void timesOutUnless(BooleanSupplier released) {
        timingOut = true;
        held = () -> !released.getAsBoolean();
    }

    void goesOn() {
        held = null;
        timingOut = false;
    }

    /** Whether it hangs, and was not ended by its deadline. */
    boolean isHanging() {
        BooleanSupplier condition = held;
        return condition != null && condition.getAsBoolean() && !delivery.isCancelled();
    }

    boolean isTimingOut() {
        return timingOut && isHanging();
    }
}
