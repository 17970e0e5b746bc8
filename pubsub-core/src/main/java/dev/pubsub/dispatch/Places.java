package dev.pubsub.dispatch;

import static dev.pubsub.dispatch.Entrance.ACCEPTED;
import static dev.pubsub.dispatch.Entrance.RELEASED_SEEN;

/**
 * The places of a subscription, and the count of what it accepted. Held places are accepted less released ones, so that
 * taking a place is one compare-and-set and giving one back is a plain increment.
 *
 * <p>{@code accepted} is changed by publishers, by compare-and-set; its two low bits say whether copies are taken at
 * all, so that no copy can be accepted after {@link #close} or {@link #stop}. The ledger's {@code released} is written
 * under the subscription's lock and read by anyone; a publisher that reads an old value, or one that a worker is ahead
 * of ({@link Prefetcher}), sees places too few, never one too many. To read what a worker writes at each message is a
 * cache miss each time; so publishers remember the value they saw last, and read it again only when that one leaves no
 * place.
 */
class Places extends Entrance {

    /** What came of {@link #tryReserve}. */
    enum Reservation {
        RESERVED,
        FULL,
        NOT_TAKING
    }

    private static final long CLOSED = 1;
    private static final long STOPPED = 2;
    private static final long FLAGS = CLOSED | STOPPED;
    private static final int SHIFT = 2;
    private static final long ONE = 1L << SHIFT;

    private final int limit;
    private final Ledger ledger;

    Places(int limit, Ledger ledger) {
        this.limit = limit;
        this.ledger = ledger;
    }

    final int limit() {
        return limit;
    }

    final Reservation tryReserve() {
        while (true) {
            long word = accepted;
            if ((word & FLAGS) != 0) {
                return Reservation.NOT_TAKING;
            }
            if (isFull(word >> SHIFT)) {
                return Reservation.FULL;
            }
            if (ACCEPTED.compareAndSet(this, word, word + ONE)) {
                return Reservation.RESERVED;
            }
        }
    }

    private boolean isFull(long taken) {
        if (taken - (long) RELEASED_SEEN.getOpaque(this) < limit) {
            return false;
        }
        long now = ledger.released();
        RELEASED_SEEN.setOpaque(this, now); // perhaps over a later one: a place too few, so it is read again
        return taken - now >= limit;
    }

    /**
     * For a copy that is settled at once and needs no place; false if none are taken. {@link Ledger#release} must
     * follow.
     */
    final boolean acceptBeyondLimit() {
        while (true) {
            long word = accepted;
            if ((word & FLAGS) != 0) {
                return false;
            }
            if (ACCEPTED.compareAndSet(this, word, word + ONE)) {
                return true;
            }
        }
    }

    /** Takes a reservation back; the copy was not accepted. */
    void cancelReservation() {
        ACCEPTED.getAndAdd(this, -ONE);
    }

    /** Places that nobody holds. */
    final long free() {
        return limit - (accepted() - ledger.released());
    }

    final boolean isFull() {
        return accepted() - ledger.released() >= limit;
    }

    final boolean isTaking() {
        return (accepted & FLAGS) == 0;
    }

    /** Copies accepted so far, those of publishes under way included. */
    final long accepted() {
        return accepted >> SHIFT;
    }

    /** Takes no more, for good. */
    final void close() {
        ACCEPTED.getAndBitwiseOr(this, CLOSED);
    }

    /** Takes no more, until {@link #open}. */
    final void stop() {
        ACCEPTED.getAndBitwiseOr(this, STOPPED);
    }

    /** Takes copies again, unless closed. */
    final void open() {
        ACCEPTED.getAndBitwiseAnd(this, ~STOPPED);
    }
}
