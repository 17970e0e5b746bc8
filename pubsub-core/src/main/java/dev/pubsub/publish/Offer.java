package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.DeliveryTracker;
import org.jspecify.annotations.Nullable;

/** The step of a publish in which an admitted message is handed over; here transports differ. */
interface Offer {

    /**
     * Hands the message over and counts it, or throws why it is refused.
     *
     * @param tracker follows its copies; null for nobody
     * @param mayWait whether the caller lets itself be kept waiting for room
     * @param handler of the calling thread, if that runs a handler
     * @param waited the caller's, if it has waited already
     * @return how many copies there are; -1 where that is decided elsewhere
     */
    int offer(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience waited);
}
