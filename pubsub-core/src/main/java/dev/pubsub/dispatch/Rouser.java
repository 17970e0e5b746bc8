package dev.pubsub.dispatch;

import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a subscription's work has somebody who looks for it.
 *
 * <p>Concurrency: {@link Entrance#wanted} says that a worker sleeps or could be started, and that none searches. It is
 * written under the subscription's lock, and after it was set the inbox is looked at again; a publisher pushes first
 * and then reads it. So one of the two sees the other, and a busy worker costs the publisher one read.
 */
final class Rouser {

    private static final Logger log = LoggerFactory.getLogger(Rouser.class);
    private static final long RESTART_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SubscriptionRuntime runtime;
    private final Executor executor;
    private final Scheduler scheduler;
    private boolean wants; // as wanted, for those who hold the lock: the word itself is the publishers'

    Rouser(SubscriptionRuntime runtime, Executor executor, Scheduler scheduler) {
        this.runtime = runtime;
        this.executor = executor;
        this.scheduler = scheduler;
    }

    /** After a push onto an empty inbox. */
    void pushed() {
        if (runtime.intake.wanted) {
            takeInAndRouse();
        }
    }

    private void takeInAndRouse() {
        runtime.lock.lock(); // no worker need be recalled for what comes behind all else
        try {
            runtime.backlog.takeInArrivals();
        } finally {
            unlockAndRouse();
        }
    }

    /** Leaves the lock, and wakes or starts a worker if there is work that nobody looks for. */
    void unlockAndRouse() {
        Worker worker = null;
        try {
            worker = rouseIfUseful();
        } finally {
            runtime.lock.unlock();
        }
        if (worker == null) {
            return;
        }
        if (worker.isStarted()) {
            worker.wake();
        } else {
            start(worker);
        }
    }

    private @Nullable Worker rouseIfUseful() {
        Crew crew = runtime.crew;
        if (!crew.canRouse() || !mayTake()) {
            want(false);
            return null;
        }
        if (!hasWork()) {
            want(true);
            if (!runtime.backlog.hasArrivals()) {
                return null;
            }
            runtime.backlog.takeInArrivals();
            if (!hasWork()) {
                return null;
            }
        }
        want(false);
        return crew.rouse();
    }

    private boolean mayTake() {
        return runtime.state.mayTake(
                runtime.state.isHeld() ? runtime.services().time().nanos() : 0);
    }

    private boolean hasWork() {
        Backlog backlog = runtime.backlog;
        return backlog.hasReady() || (runtime.state.isQuarantined() && backlog.hasAny());
    }

    private void want(boolean value) {
        if (wants != value) {
            wants = value;
            runtime.intake.wanted = value;
        }
    }

    private void start(Worker worker) {
        try {
            executor.execute(worker);
        } catch (Throwable thrown) { // no native thread to be had, or the engine is closed
            if (isNeededAfter(worker)) {
                log.error(
                        "Subscription '{}': no thread could be started, tried again in a moment: {}",
                        runtime.id(),
                        SafeText.of(thrown));
                scheduler.schedule(this::takeInAndRouse, RESTART_NANOS);
            }
        }
    }

    /** Takes a worker back that could not be started; answers whether another is needed. */
    private boolean isNeededAfter(Worker worker) {
        runtime.enter();
        try {
            runtime.crew.leaveSearching(worker);
            return !runtime.state.isClosed();
        } finally {
            runtime.lock.unlock();
        }
    }
}
