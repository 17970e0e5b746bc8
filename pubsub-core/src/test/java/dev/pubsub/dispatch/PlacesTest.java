package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.dispatch.Places.Reservation;
import dev.pubsub.testing.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private final Ledger ledger = new Ledger();
    private final Places places = new Places(2, ledger);

    @Test
    void asManyAreReservedAsThereArePlaces() {
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.isFull()).isFalse();
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.isFull()).isTrue();
        assertThat(places.tryReserve()).isEqualTo(Reservation.FULL);
        assertThat(places.accepted()).isEqualTo(2);
    }

    @Test
    void aReservationThatIsTakenBackWasNeverAccepted() {
        places.tryReserve();
        places.tryReserve();
        places.cancelReservation();
        assertThat(places.accepted()).isEqualTo(1);
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
    }

    @Test
    void aSettledCopyGivesItsPlaceBackAndStaysAccepted() {
        places.tryReserve();
        places.tryReserve();
        ledger.release(1);
        assertThat(places.accepted()).isEqualTo(2);
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.tryReserve()).isEqualTo(Reservation.FULL);
    }

    @Test
    void whatIsSettledAtOnceIsAcceptedBeyondTheLimit() {
        places.tryReserve();
        places.tryReserve();
        assertThat(places.acceptBeyondLimit()).isTrue();
        assertThat(places.accepted()).isEqualTo(3);
        ledger.release(1);
        assertThat(places.tryReserve()).isEqualTo(Reservation.FULL);
    }

    @Test
    void whileStoppedNoneIsTakenAndNothingIsForgotten() {
        places.tryReserve();
        places.stop();
        assertThat(places.tryReserve()).isEqualTo(Reservation.NOT_TAKING);
        assertThat(places.acceptBeyondLimit()).isFalse();
        assertThat(places.isTaking()).isFalse();
        assertThat(places.accepted()).isEqualTo(1);
        places.open();
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.accepted()).isEqualTo(2);
    }

    @Test
    void onceClosedNoneIsTakenEverAgain() {
        places.tryReserve();
        places.close();
        places.open();
        assertThat(places.tryReserve()).isEqualTo(Reservation.NOT_TAKING);
        assertThat(places.accepted()).isEqualTo(1);
        places.cancelReservation();
        assertThat(places.accepted()).isZero();
        assertThat(places.isTaking()).isFalse();
    }

    @Test
    void severalThreadsNeverHoldMoreThanThereAre() throws Exception {
        ReentrantLock lock = new ReentrantLock(); // the subscription's
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Caller<?>> callers = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            callers.add(Caller.of(() -> {
                for (int i = 0; i < 50_000; i++) {
                    if (places.tryReserve() == Reservation.RESERVED) {
                        most.accumulateAndGet(held.incrementAndGet(), Math::max);
                        held.decrementAndGet(); // before the place is given back
                        giveBack(lock, i % 3 == 0);
                    }
                }
                return null;
            }));
        }
        for (Caller<?> caller : callers) {
            caller.result();
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(places.isFull()).isFalse();
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.tryReserve()).isEqualTo(Reservation.RESERVED);
        assertThat(places.tryReserve()).isEqualTo(Reservation.FULL);
    }

    private void giveBack(ReentrantLock lock, boolean unused) {
        if (unused) {
            places.cancelReservation();
            return;
        }
        lock.lock();
        try {
            ledger.release(1);
        } finally {
            lock.unlock();
        }
    }
}
