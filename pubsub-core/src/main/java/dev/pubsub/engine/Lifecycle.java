package dev.pubsub.engine;

import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.publish.Acceptance;
import dev.pubsub.publish.Router;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, drains and closes an engine.
 *
 * <p>Concurrency: {@code phase} is read by every publish. It is written under {@code members}, together with starting
 * or halting the subscriptions that there are, so that none that is added meanwhile misses a change; nothing waits
 * under that lock. One stop or close at a time holds {@code stopping}; others wait for it, except a handler, which must
 * not wait for a drain that waits for handlers.
 */
final class Lifecycle implements Acceptance {

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
    /** A drain takes real time, even where a test moves the engine's time by hand. */
    private static final TimeSource REAL_TIME = TimeSource.system();

    private static final long CANCEL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private enum Phase {
        NEW(State.NEW, true, true),
        RUNNING(State.RUNNING, true, true),
        DRAINING(State.STOPPING, true, false),
        CANCELLING(State.STOPPING, false, false),
        STOPPED(State.STOPPED, false, false),
        CLOSED(State.CLOSED, false, false);

        private final State state;
        private final boolean acceptsFromHandlers;
        private final boolean acceptsFromOutside;

        Phase(State state, boolean acceptsFromHandlers, boolean acceptsFromOutside) {
            this.state = state;
            this.acceptsFromHandlers = acceptsFromHandlers;
            this.acceptsFromOutside = acceptsFromOutside;
        }
    }

    private final Router router;
    private final EngineTime time;
    private final ReentrantLock members = new ReentrantLock();
    private final ReentrantLock stopping = new ReentrantLock();
    private volatile Phase phase = Phase.NEW;

    Lifecycle(Router router, EngineTime time) {
        this.router = router;
        this.time = time;
    }

    @Override
    public boolean accepts(boolean fromHandler) {
        Phase now = phase;
        return fromHandler ? now.acceptsFromHandlers : now.acceptsFromOutside;
    }

    @Override
    public boolean delivers() {
        return phase != Phase.NEW;
    }

    State state() {
        return phase.state;
    }

    /**
     * Adds a subscription, and starts it if the engine runs.
     *
     * @param registered called once its id is known to be free, before it takes a message
     */
    void add(LiveSubscription subscription, Runnable registered) {
        locked(members, () -> {
            requireNotClosed();
            router.add(subscription);
            registered.run();
            if (phase == Phase.RUNNING || phase == Phase.DRAINING) {
                subscription.start();
            }
        });
    }

    void start() {
        lockedUnlessInHandler(
                () -> enter(Phase.RUNNING, phase == Phase.NEW || phase == Phase.STOPPED, subscriptions -> {
                    subscriptions.forEach(LiveSubscription::start);
                }));
    }

    /** Changes the phase if {@code allowed}, and does this with the subscriptions that there are. */
    private void enter(Phase next, boolean allowed, Consumer<List<LiveSubscription>> action) {
        locked(members, () -> {
            requireNotClosed();
            if (allowed) {
                phase = next;
                action.accept(router.all());
            }
        });
    }

    private void requireNotClosed() {
        if (phase == Phase.CLOSED) {
            throw new PubSubClosedException("The engine is closed; build another one");
        }
    }

    void stop(Duration drain) {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("The drain is " + drain + "; it must not be negative");
        }
        long drainNanos =
                drain.compareTo(Duration.ofDays(365)) > 0 ? Duration.ofDays(365).toNanos() : drain.toNanos();
        lockedUnlessInHandler(() -> stopLocked(drainNanos));
    }

    /** Stops, discards what is left, and runs {@code afterwards} once. */
    void close(Duration drain, Runnable afterwards) {
        lockedUnlessInHandler(() -> {
            if (phase == Phase.CLOSED) {
                return;
            }
            stopLocked(drain.toNanos());
            List<LiveSubscription> left = new ArrayList<>();
            enter(Phase.CLOSED, true, left::addAll);
            for (LiveSubscription subscription : left) {
                int discarded = subscription.closeWithEngine();
                if (discarded > 0) {
                    log.warn(
                            "Subscription '{}': {} copies discarded, since the engine was closed",
                            subscription.id(),
                            discarded);
                }
            }
            afterwards.run();
        });
    }

    private void stopLocked(long drainNanos) {
        if (phase == Phase.NEW) {
            enter(Phase.STOPPED, true, subscriptions -> {});
        }
        if (phase != Phase.RUNNING) {
            return;
        }
        long end = REAL_TIME.nanoTime() + drainNanos;
        enter(Phase.DRAINING, true, Lifecycle::wakeWaiters);
        boolean drained = await(end, () -> isDrained(end));
        List<LiveSubscription> halted = new ArrayList<>();
        enter(Phase.CANCELLING, true, subscriptions -> {
            subscriptions.forEach(LiveSubscription::halt);
            wakeWaiters(subscriptions);
            halted.addAll(subscriptions);
        });
        if (!await(REAL_TIME.nanoTime() + CANCEL_NANOS, () -> requestCancel(halted))) {
            halted.forEach(LiveSubscription::cancelNow);
        }
        enter(Phase.STOPPED, true, subscriptions -> {});
        report(halted, drained);
    }

    /** Those that wait for room ask whether they may go on, and are refused. */
    private static void wakeWaiters(List<LiveSubscription> subscriptions) {
        subscriptions.forEach(subscription -> subscription.intake().wakeWaiters());
    }

    private boolean isDrained(long end) {
        long endInEngineTime = time.nanos() + (end - REAL_TIME.nanoTime());
        return router.all().stream().allMatch(subscription -> subscription.isDrained(endInEngineTime));
    }

    /** Asks again each time: an attempt may have begun at the very moment of the halt. */
    private static boolean requestCancel(List<LiveSubscription> subscriptions) {
        boolean idle = true;
        for (LiveSubscription subscription : subscriptions) {
            idle &= subscription.requestCancel();
        }
        return idle;
    }

    private static void report(List<LiveSubscription> subscriptions, boolean drained) {
        for (LiveSubscription subscription : subscriptions) {
            var figures = subscription.reader().figures();
            if (figures.queued() + figures.parked() + figures.active() + figures.abandoned() > 0) {
                log.warn(
                        "Subscription '{}' stopped with {} copies queued, {} parked, {} active, and {} abandoned handlers",
                        subscription.id(),
                        figures.queued(),
                        figures.parked(),
                        figures.active(),
                        figures.abandoned());
            }
        }
        log.info("PubSub stopped; the drain {}", drained ? "was complete" : "ran out of time");
    }

    /** A stop happens once in a while: looking each millisecond is simpler than to be told, and as quick. */
    private static boolean await(long endNanos, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (REAL_TIME.nanoTime() - endNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    private static void locked(ReentrantLock lock, Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private void lockedUnlessInHandler(Runnable action) {
        if (Slot.ofHandlerThread() == null) {
            locked(stopping, action);
        } else if (stopping.tryLock()) {
            try {
                action.run();
            } finally {
                stopping.unlock();
            }
        } else {
            log.info("A handler asked for a start or stop while another one is under way; it is left to that");
        }
    }
}
