package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.WhenFull;
import dev.pubsub.delivery.DeliveryPipeline;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.Copy.InboundDetails;
import dev.pubsub.spi.MessageTracer.SubscriptionTracer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The publisher's side of a subscription: condition, reservation, acceptance, room. Between {@link #reserve} and
 * {@link #accept} or {@link #cancelReservation} nothing may block. Safe for use by any thread.
 */
public class Intake extends Places {

    /** What came of a reservation. */
    public enum Reservation {
        /** A place is held. */
        RESERVED,
        /** There is none, and the publish must wait or be refused. */
        FULL,
        /** There is none, and this subscription's copy is to be shed. */
        SHED,
        /** The subscription takes no copies, now or any more. */
        NOT_TAKING
    }

    private final SubscriptionRuntime runtime;
    private final DeliveryPipeline pipeline;
    private final Rouser rouser;
    private final Ordering ordering;
    private final @Nullable Predicate<? super Message<?>> condition;

    private Intake(SubscriptionRuntime runtime, Rouser rouser, Ledger ledger) {
        super(runtime.spec().queueCapacity() + runtime.spec().concurrency(), ledger);
        this.runtime = runtime;
        this.pipeline = runtime.pipeline();
        this.rouser = rouser;
        this.ordering = runtime.spec().ordering();
        this.condition = runtime.spec().condition();
    }

    static Intake of(SubscriptionRuntime runtime, Rouser rouser, Ledger ledger) {
        return new PaddedIntake(runtime, rouser, ledger);
    }

    /** Whether messages must pass a condition before they may be offered. */
    public boolean hasCondition() {
        return condition != null;
    }

    /** Asks the condition; false is counted as filtered. Throws whatever it throws: then the copy is undeliverable. */
    public boolean test(Message<?> message) {
        if (wants(message)) {
            return true;
        }
        runtime.counts.count(AttemptCounts.Event.FILTERED);
        return false;
    }

    /** Asks the condition, without counting; throws whatever it throws. */
    public boolean wants(Message<?> message) {
        return condition == null || condition.test(message);
    }

    /** Tries to take a place, without waiting. */
    public Reservation reserve() {
        return switch (whenFull() == WhenFull.REFUSE ? tryReserve() : reserveExactly()) {
            case RESERVED -> Reservation.RESERVED;
            case FULL -> whenFull() == WhenFull.REFUSE ? Reservation.FULL : Reservation.SHED;
            case NOT_TAKING -> Reservation.NOT_TAKING;
        };
    }

    /** Where there seems to be no place, what a worker has settled without the lock is booked first. */
    private Places.Reservation reserveExactly() {
        Places.Reservation first = tryReserve();
        return first == Places.Reservation.FULL && !isFullIndeed() ? tryReserve() : first;
    }

    private boolean isFullIndeed() {
        if (isFull() && runtime.crew.isAhead()) {
            runtime.enter();
            runtime.unlockAndRouse();
        }
        return isFull(); // once more: the worker may have been back meanwhile
    }

    private WhenFull whenFull() {
        return runtime.spec().whenFull();
    }

    /** Whether a publish would have to wait now, or be refused, after {@link #reserve} has found no place. */
    public boolean wouldRefuse() {
        return whenFull() == WhenFull.REFUSE && isTaking() && isFullIndeed();
    }

    /** Gives a reserved place back: nothing was accepted. */
    @Override
    public void cancelReservation() {
        super.cancelReservation();
        passRoomOn();
    }

    /**
     * Hands a copy over in the reserved place; {@code traceContext} is null for a message that no tracer follows,
     * {@code followed} is true if a listener wants to hear of it.
     */
    public void accept(
            Message<?> message,
            long nowNanos,
            @Nullable DeliveryTracker tracker,
            @Nullable Throwable conditionFailure,
            @Nullable Object traceContext,
            boolean followed) {
        Copy copy = traceContext == null
                ? Copy.of(message, pipeline, ordering, nowNanos)
                : Copy.traced(message, pipeline, ordering, nowNanos, traceContext);
        if (tracker != null) {
            copy.details().tracker = tracker;
            tracker.handedOver(runtime, copy);
        }
        if (conditionFailure != null) {
            copy.details().conditionFailure = conditionFailure;
        }
        if (followed) {
            copy.details().followed = true;
        }
        handOver(copy);
    }

    /** Accepts what a transport has brought; false without room, or where no copies are taken. */
    boolean acceptInbound(InboundDetails details, @Nullable Throwable conditionFailure) {
        if (reserveExactly() != Places.Reservation.RESERVED) {
            return false;
        }
        details.conditionFailure = conditionFailure;
        details.followed = runtime.counts.acceptedInbound(details.delivery.message(), runtime.id());
        handOver(Copy.inbound(pipeline, ordering, now(), details));
        return true;
    }

    /** Accepts a dead letter again; false without room, or where no copies are taken. */
    boolean acceptReplay(DeadLetter letter) {
        if (reserveExactly() != Places.Reservation.RESERVED) {
            return false;
        }
        SubscriptionTracer tracer = pipeline.tracer();
        Copy copy = tracer == null
                ? Copy.of(letter.message(), pipeline, ordering, now())
                : Copy.traced(letter.message(), pipeline, ordering, now(), tracer.replay(letter));
        copy.details().replayOf = letter;
        copy.details().followed = runtime.counts.follows(letter.message());
        handOver(copy);
        return true;
    }

    private long now() {
        return runtime.services().time().nanos();
    }

    private void handOver(Copy copy) {
        if (push(copy)) {
            rouser.pushed();
        }
    }

    /** Accepts a copy and settles it at once, as {@code when-full} says; false where no copies are taken. */
    public boolean shed(Message<?> message, @Nullable DeliveryTracker tracker) {
        return acceptAndBury(message, null, whenFull() == WhenFull.DEAD_LETTER, tracker);
    }

    /** Accepts a copy whose publish was refused, and keeps it as a dead letter; false where no copies are taken. */
    public boolean buryRefused(Message<?> message, Throwable refusal) {
        return acceptAndBury(message, refusal, true, null);
    }

    private boolean acceptAndBury(
            Message<?> message, @Nullable Throwable refusal, boolean keep, @Nullable DeliveryTracker tracker) {
        if (!acceptBeyondLimit()) {
            return false;
        }
        runtime.direct().passBy();
        Outcome outcome = keep
                ? runtime.failures().buryOverflow(message, refusal, runtime.backlog.orderKey(message), now())
                : Outcome.DISCARDED;
        runtime.direct().settlePassedBy(outcome);
        runtime.counts.settledOverflow(message, runtime.id(), outcome);
        if (tracker != null) {
            tracker.settled(runtime, outcome);
        }
        return true;
    }

    /**
     * Waits until there is room, without taking it.
     *
     * @param mayWait asked at each wake-up; false ends the wait
     * @return false if the time was over first, or waiting was ended
     * @throws InterruptedException if the caller is interrupted
     */
    public boolean awaitRoom(long nanos, BooleanSupplier mayWait) throws InterruptedException {
        if (!runtime.hasRoomWaiters()) {
            runtime.services().linger().forRoom(this);
            if (!isFull()) {
                return true; // without the lock, for which a worker that is busy would let this thread go to sleep
            }
        }
        runtime.lock.lockInterruptibly();
        try {
            runtime.crew.recall();
            long left = nanos;
            runtime.addRoomWaiters(1);
            while (isFull() && isTaking()) {
                if (left <= 0 || !mayWait.getAsBoolean()) {
                    return false;
                }
                left = runtime.room().awaitNanos(left);
            }
            return true;
        } finally {
            runtime.addRoomWaiters(-1);
            runtime.lock.unlock();
        }
    }

    /** Wakes the next one that waits for room, for a caller that was woken and did not take it. */
    public void passRoomOn() {
        if (!runtime.hasRoomWaiters()) {
            return; // who begins to wait looks for room first, under the lock
        }
        runtime.enter();
        try {
            if (!isFull()) {
                runtime.room().signal();
            }
        } finally {
            runtime.lock.unlock();
        }
    }

    /** Wakes all that wait for room, so that they ask whether they may go on waiting. */
    public void wakeWaiters() {
        runtime.enter();
        try {
            runtime.room().signalAll();
        } finally {
            runtime.lock.unlock();
        }
    }

    /** The subscription's id. */
    public String subscriptionId() {
        return runtime.id();
    }

    /** How many copies may be unsettled at once. */
    public int places() {
        return limit();
    }

    /** Whether the calling thread runs this subscription's handler. */
    public boolean isCallersOwn() {
        return Slot.ofHandlerThread(runtime.services().time()) instanceof Worker worker && worker.runtime() == runtime;
    }

    private static final class PaddedIntake extends Intake {
        @SuppressWarnings("unused")
        private long after1, after2, after3, after4, after5, after6, after7, after8, after9;
        @SuppressWarnings("unused")
        private long after10, after11, after12, after13, after14, after15;

        PaddedIntake(SubscriptionRuntime runtime, Rouser rouser, Ledger ledger) {
            super(runtime, rouser, ledger);
        }
    }
}
