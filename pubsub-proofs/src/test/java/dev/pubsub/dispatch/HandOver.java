package dev.pubsub.dispatch;

import dev.pubsub.Ordering;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A subscription at work with one worker that the proofs play themselves: the seam between them and the way of a copy
 * from a publisher to a worker. How a copy is taken, the queue, the crew and the rouser are the real ones; only threads
 * are counted instead of being started.
 */
final class HandOver {

    final SubscriptionRuntime runtime =
            ProvenSubscription.runtime(ProvenSubscription.spec("hand-over", Ordering.KEY, 9));
    private final AtomicInteger roused = new AtomicInteger();
    private final Rouser rouser = new Rouser(runtime, worker -> roused.incrementAndGet(), ProvenSubscription.NO_TIMERS);
    private final Worker worker;

    /** Its worker is awake, and looks for work. */
    HandOver() {
        runtime.lock.lock();
        try {
            runtime.state.running(true);
            worker = runtime.crew.rouse();
        } finally {
            runtime.lock.unlock();
        }
    }

    /** As {@link Intake} does after the reservation. */
    void publish(Copy copy) {
        if (runtime.intake.push(copy)) {
            rouser.pushed();
        }
    }

    /** As {@link SubscriptionRuntime} does for a worker that looks for work: takes a copy, or goes to sleep. */
    Copy takeOrRest() {
        runtime.lock.lock();
        try {
            Copy copy = runtime.take(worker);
            if (copy == null) {
                runtime.crew.rest(worker);
            } else {
                runtime.crew.found(worker);
            }
            return copy;
        } finally {
            rouser.unlockAndRouse();
        }
    }

    /** As {@link SubscriptionRuntime} does after an attempt: settles a copy and takes the next, else looks for one. */
    Copy settleAndTake(Copy settled) {
        runtime.lock.lock();
        try {
            runtime.backlog.settled(settled);
            Copy next = runtime.take(worker);
            if (next == null) {
                runtime.crew.search(worker);
            }
            return next;
        } finally {
            rouser.unlockAndRouse();
        }
    }

    /** How often a worker was woken or started. */
    int roused() {
        return roused.get();
    }

    /** How many copies are ready, or on their way. */
    int waiting() {
        runtime.backlog.takeInArrivals();
        return runtime.backlog.queued();
    }
}
