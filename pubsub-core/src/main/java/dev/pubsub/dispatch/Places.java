package dev.pubsub.dispatch;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The places of a subscription, and the count of what it accepted. Held places are accepted less released ones, so that
 * taking a place is one compare-and-set and giving one back is a plain increment.
 *
 * <p>{@code accepted} is changed by publishers, by compare-and-set; its two low bits say whether copies are taken at
 * all, so that no copy can be accepted after {@link #close} or {@link #stop}. {@code released} is written under the
 * subscription's lock and read by anyone; a publisher that reads an old value sees a place too few, never one too many.
 */
final class Places {

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
    private final AtomicLong accepted = new AtomicLong();
    private volatile long released;

    Places(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    Reservation tryReserve() {
        while (true) {
            long word = accepted.get();
            if ((word & FLAGS) != 0) {
                return Reservation.NOT_TAKING;
            }
            if ((word >> SHIFT) - released >= limit) {
                return Reservation.FULL;
            }
            if (accepted.compareAndSet(word, word + ONE)) {
                return Reservation.RESERVED;
            }
        }
    }

    /** For a copy that is settled at once and needs no place; false if none are taken. {@link #release} must follow. */
    boolean acceptBeyondLimit() {
        while (true) {
            long word = accepted.get();
            if ((word & FLAGS) != 0) {
                return false;
            }
            if (accepted.compareAndSet(word, word + ONE)) {
                return true;
            }
        }
    }

    /** Takes a reservation back; the copy was not accepted. */
    void cancelReservation() {
        accepted.addAndGet(-ONE);
    }

    /** A copy was settled; under the subscription's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void release() {
        released++;
    }

    boolean isFull() {
        return accepted() - released >= limit;
    }

    boolean isTaking() {
        return (accepted.get() & FLAGS) == 0;
    }

    /** Copies accepted so far, those of publishes under way included. */
    long accepted() {
        return accepted.get() >> SHIFT;
    }

    /** Takes no more, for good. */
    void close() {
        accepted.getAndUpdate(word -> word | CLOSED);
    }

    /** Takes no more, until {@link #open}. */
    void stop() {
        accepted.getAndUpdate(word -> word | STOPPED);
    }

    /** Takes copies again, unless closed. */
    void open() {
        accepted.getAndUpdate(word -> word & ~STOPPED);
    }
}
