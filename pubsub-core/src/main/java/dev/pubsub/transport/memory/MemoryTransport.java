package dev.pubsub.transport.memory;

import dev.pubsub.Message;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.dispatch.Intake.Reservation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives a message to all of its targets or to none: reserves a place with each, and hands over only when all are
 * reserved. Never blocks. Safe for use by any thread; has no state.
 */
public final class MemoryTransport {

    /** The name of this transport. */
    public static final String NAME = "memory";

    /**
     * Offers a message.
     *
     * @param takers where to write down who took a copy; null where no listener follows the message
     * @return how many copies were accepted; or, if negative, {@code -(i + 1)} where target {@code i} has no room, and
     *     nothing was accepted
     */
    public int offer(
            Targets targets,
            Message<?> message,
            long nowNanos,
            @Nullable DeliveryTracker tracker,
            @Nullable List<String> takers) {
        if (tracker != null) {
            return offerOneByOne(targets, message, nowNanos, tracker, takers);
        }
        int size = targets.size();
        for (int i = 0; i < size; i++) {
            Reservation reservation = targets.intake(i).reserve();
            if (reservation != Reservation.RESERVED) {
                cancel(targets, i);
                return reservation == Reservation.FULL
                        ? -(i + 1)
                        : offerOneByOne(targets, message, nowNanos, null, takers);
            }
        }
        for (int i = 0; i < size; i++) {
            targets.intake(i)
                    .accept(
                            message,
                            nowNanos,
                            null,
                            targets.conditionFailure(i),
                            targets.traceContext(),
                            takers != null);
        }
        if (takers != null) {
            for (int i = 0; i < size; i++) {
                takers.add(targets.intake(i).subscriptionId());
            }
        }
        return size;
    }

    private static void cancel(Targets targets, int count) {
        for (int i = 0; i < count; i++) {
            targets.intake(i).cancelReservation();
        }
    }

    /** Where some targets shed their copies or take none, or somebody follows the copies. */
    private static int offerOneByOne(
            Targets targets,
            Message<?> message,
            long nowNanos,
            @Nullable DeliveryTracker tracker,
            @Nullable List<String> takers) {
        int size = targets.size();
        Reservation[] reservations = new Reservation[size];
        int copies = 0;
        for (int i = 0; i < size; i++) {
            reservations[i] = targets.intake(i).reserve();
            if (reservations[i] == Reservation.FULL) {
                for (int j = 0; j < i; j++) {
                    if (reservations[j] == Reservation.RESERVED) {
                        targets.intake(j).cancelReservation();
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
                targets.intake(i)
                        .accept(
                                message,
                                nowNanos,
                                tracker,
                                targets.conditionFailure(i),
                                targets.traceContext(),
                                takers != null);
            }
        }
        copies -= notShed(targets, reservations, message, tracker);
        for (int i = 0; i < size && takers != null; i++) {
            if (reservations[i] != Reservation.NOT_TAKING) {
                takers.add(targets.intake(i).subscriptionId());
            }
        }
        return copies;
    }

    /** Sheds last, since the store of dead letters may take its time, or fail; answers how many took nothing. */
    private static int notShed(
            Targets targets, Reservation[] reservations, Message<?> message, @Nullable DeliveryTracker tracker) {
        int closedSince = 0;
        for (int i = 0; i < reservations.length; i++) {
            if (reservations[i] == Reservation.SHED && !targets.intake(i).shed(message, tracker)) {
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
