package dev.pubsub.dispatch;

import dev.pubsub.Message;
import dev.pubsub.dispatch.Copy.InboundDetails;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes the deliveries of a transport into a subscription: a place is a credit. Where a publisher would be kept
 * waiting, refused, or its copy shed, a delivery stays with the transport.
 *
 * <p>Concurrency: {@code starved} is set by the receiver's thread before it looks at the places a last time, and taken
 * back by whoever settles a copy after its place was given back; so one of the two sees the other.
 */
final class TransportInlet implements Inlet {

    private static final int GOOD_PART = 4;

    private final SubscriptionRuntime runtime;
    private final int wakeAt;
    private volatile boolean starved;
    private volatile @Nullable Runnable wake;

    TransportInlet(SubscriptionRuntime runtime) {
        this.runtime = runtime;
        this.wakeAt = Math.max(1, runtime.intake.limit() / GOOD_PART);
    }

    @Override
    public int credit() {
        int credit = glance();
        if (credit == 0) {
            starved = true;
            credit = look();
        }
        return credit;
    }

    /**
     * Without the lock, which workers take at each message: a delivery that is offered while a pause or the breaker's
     * hold begins waits here, as if it had come just before.
     */
    private int glance() {
        boolean open = runtime.intake.isTaking() && runtime.state.isDelivering() && !runtime.state.isHeld();
        return open ? (int) Math.max(0, runtime.intake.free()) : 0;
    }

    private int look() {
        runtime.enter();
        try {
            if (!runtime.intake.isTaking() || !runtime.state.isDelivering()) {
                return 0;
            }
            long free = Math.max(0, runtime.intake.free());
            if (runtime.state.isHeld()) {
                long waiting = runtime.intake.accepted() - runtime.ledger.settled();
                free = Math.min(free, Math.max(0, runtime.spec().concurrency() - waiting));
            }
            return (int) free;
        } finally {
            runtime.lock.unlock();
        }
    }

    @Override
    public Taken offer(InboundDelivery delivery) {
        Message<?> message = delivery.message();
        Throwable conditionFailure = null;
        if (runtime.intake.hasCondition()) {
            try {
                if (!runtime.intake.test(runtime.pipeline().decoded(message))) {
                    return Taken.FILTERED;
                }
            } catch (Throwable thrown) { // foreign code, or no payload of this type: that copy's fate
                conditionFailure = thrown;
            }
        }
        if (credit() == 0 || !runtime.intake.acceptInbound(new InboundDetails(delivery, this), conditionFailure)) {
            starved = true;
            return Taken.NO_CREDIT;
        }
        return Taken.TAKEN;
    }

    @Override
    public void onCredit(Runnable action) {
        wake = action;
    }

    /** A copy that came in here was settled, and its place is free. */
    void settled() {
        if (starved && runtime.intake.free() >= wakeAt) {
            starved = false;
            Runnable action = wake;
            if (action != null) {
                action.run();
            }
        }
    }

    @Override
    public int withdraw(Predicate<InboundDelivery> which) {
        runtime.enter();
        try {
            runtime.backlog.takeInArrivals();
            List<Copy> matching = new ArrayList<>();
            runtime.backlog.forEach(copy -> {
                InboundDelivery inbound = copy.inbound();
                if (inbound != null && which.test(inbound)) {
                    matching.add(copy);
                }
            });
            int forgotten = 0;
            for (Copy copy : matching) {
                if (runtime.backlog.remove(copy)) {
                    runtime.forget(copy);
                    forgotten++;
                }
            }
            return forgotten;
        } finally {
            runtime.unlockAndRouse();
        }
    }

    @Override
    public void cancel(Predicate<InboundDelivery> which) {
        for (Worker worker : new SubscriptionControl(runtime).workers()) {
            if (worker.current() instanceof Copy copy) {
                InboundDelivery inbound = copy.inbound();
                Thread thread = worker.thread();
                if (inbound != null && thread != null && which.test(inbound) && copy.requestCancel()) {
                    thread.interrupt(); // it can hit this attempt's handler only: the worker takes no other message
                }
            }
        }
    }
}
