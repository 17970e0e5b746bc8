package dev.pubsub.dispatch;

import dev.pubsub.Message;
import dev.pubsub.dispatch.Intake.Reservation;
import dev.pubsub.spi.Recipients;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that one message is offered to, after their conditions were asked: all of them take it, or none. A
 * place is reserved with each, and the message is handed over only when all are reserved. Immutable, and the same
 * object for every message of a topic where no condition is involved and nobody follows the message.
 */
public final class Targets implements Recipients {

    private final Intake[] intakes;
    private final @Nullable Throwable @Nullable [] conditionFailures;
    private final @Nullable Object traceContext;
    private final @Nullable DeliveryTracker tracker;
    private final @Nullable List<String> takers;

    /** These, all of which match; not copied. */
    public Targets(Intake[] intakes) {
        this(intakes, null);
    }

    /** These; a condition failure at the same index makes that copy undeliverable. Not copied. */
    public Targets(Intake[] intakes, @Nullable Throwable @Nullable [] conditionFailures) {
        this(intakes, conditionFailures, null, null, null);
    }

    private Targets(
            Intake[] intakes,
            @Nullable Throwable @Nullable [] conditionFailures,
            @Nullable Object traceContext,
            @Nullable DeliveryTracker tracker,
            @Nullable List<String> takers) {
        this.intakes = intakes;
        this.conditionFailures = conditionFailures;
        this.traceContext = traceContext;
        this.tracker = tracker;
        this.takers = takers;
    }

    /** The same, for one message whose copies are to keep this for the tracer that follows it. */
    public Targets traced(Object context) {
        return new Targets(intakes, conditionFailures, context, tracker, takers);
    }

    /**
     * The same, for one message that somebody follows.
     *
     * @param follower follows its copies; null for nobody
     * @param whoTook where to write down who took a copy; null where no listener follows the message
     */
    public Targets followed(@Nullable DeliveryTracker follower, @Nullable List<String> whoTook) {
        return new Targets(intakes, conditionFailures, traceContext, follower, whoTook);
    }

    @Override
    public int size() {
        return intakes.length;
    }

    /** One of them. */
    public Intake intake(int index) {
        return intakes[index];
    }

    @Override
    public int takeAll(Message<?> message, long nowNanos) {
        if (tracker != null) {
            return takeOneByOne(message, nowNanos);
        }
        int size = intakes.length;
        for (int i = 0; i < size; i++) {
            Reservation reservation = intakes[i].reserve();
            if (reservation != Reservation.RESERVED) {
                cancel(i);
                return reservation == Reservation.FULL ? -(i + 1) : takeOneByOne(message, nowNanos);
            }
        }
        for (int i = 0; i < size; i++) {
            handOver(i, message, nowNanos);
        }
        if (takers != null) {
            for (Intake intake : intakes) {
                takers.add(intake.subscriptionId());
            }
        }
        return size;
    }

    private void cancel(int count) {
        for (int i = 0; i < count; i++) {
            intakes[i].cancelReservation();
        }
    }

    private void handOver(int index, Message<?> message, long nowNanos) {
        Throwable conditionFailure = conditionFailures == null ? null : conditionFailures[index];
        intakes[index].accept(message, nowNanos, tracker, conditionFailure, traceContext, takers != null);
    }

    /** Where some shed their copies or take none, or somebody follows the copies. */
    private int takeOneByOne(Message<?> message, long nowNanos) {
        int size = intakes.length;
        Reservation[] reservations = new Reservation[size];
        int copies = 0;
        for (int i = 0; i < size; i++) {
            reservations[i] = intakes[i].reserve();
            if (reservations[i] == Reservation.FULL) {
                for (int j = 0; j < i; j++) {
                    if (reservations[j] == Reservation.RESERVED) {
                        intakes[j].cancelReservation();
                    }
                }
                return -(i + 1);
            }
            copies += reservations[i] == Reservation.NOT_TAKING ? 0 : 1;
        }
        if (tracker != null) {
            tracker.expect(copies);
        }
        for (int i = 0; i < size; i++) {
            if (reservations[i] == Reservation.RESERVED) {
                handOver(i, message, nowNanos);
            }
        }
        copies -= notShed(reservations, message);
        for (int i = 0; i < size && takers != null; i++) {
            if (reservations[i] != Reservation.NOT_TAKING) {
                takers.add(intakes[i].subscriptionId());
            }
        }
        return copies;
    }

    /** Sheds last, since the store of dead letters may take its time, or fail; answers how many took nothing. */
    private int notShed(Reservation[] reservations, Message<?> message) {
        int closedSince = 0;
        for (int i = 0; i < reservations.length; i++) {
            if (reservations[i] == Reservation.SHED && !intakes[i].shed(message, tracker)) {
                closedSince++;
                reservations[i] = Reservation.NOT_TAKING;
                if (tracker != null) {
                    tracker.expectOneLess();
                }
            }
        }
        return closedSince;
    }
}
