package dev.pubsub.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that is being closed, and who waits for that. Made by the first close; guarded by the subscription's
 * lock, but for {@link #awaitEnd} and {@link #ended}.
 */
final class Closing {

    private final Condition activeChanged;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Copy> handlers = new ArrayList<>(0);

    Closing(Condition activeChanged) {
        this.activeChanged = activeChanged;
    }

    /** A copy is active no longer. */
    void signal() {
        activeChanged.signalAll();
    }

    /**
     * Waits until nothing is active; for a handler that closes its own subscription, until only such handlers are: they
     * wait neither for themselves nor for each other.
     *
     * @param own whose handler waits; null for any other caller
     */
    void awaitQuiet(Ledger ledger, @Nullable Copy own) throws InterruptedException {
        if (own != null) {
            handlers.add(own);
            signal();
        }
        try {
            while (ledger.active() > (own == null ? 0 : handlersUnderWay())) {
                activeChanged.await();
            }
        } finally {
            if (own != null) {
                handlers.remove(own);
            }
        }
    }

    private long handlersUnderWay() {
        return handlers.stream().filter(Copy::isUnderWay).count();
    }

    /** Waits for the close that is under way. */
    void awaitEnd() throws InterruptedException {
        end.await();
    }

    void ended() {
        end.countDown();
    }
}
