package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a worker lets more copies arrive before it takes them in. */
class LingerTest {

    private static final long LONG_NANOS = TimeUnit.MICROSECONDS.toNanos(100); // than which it never waits longer here

    private final Linger linger = new Linger();
    private final Entrance entrance = new Places(10, new Ledger());
    private final Backlog backlog = new Backlog(Ordering.NONE, entrance);

    @SuppressWarnings("NullAway") // it only tells the time: it needs no subscription
    private final Worker worker = Worker.of(null, 1);

    @BeforeEach
    void theWorkerHasJustLookedForArrivals() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "with one processor nobody lingers");
        worker.now(1_000_000);
        worker.looks();
    }

    @Test
    void waitsWhereTheFirstOfTheNextHaveArrivedAtOnce() {
        entrance.push(copy());
        long start = System.nanoTime();
        assertThat(linger.whileFewArrive(worker, backlog)).isTrue();
        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MICROSECONDS.toNanos(1));
        assertThat(backlog.hasArrivals()).as("taken in later, under the lock").isTrue();
    }

    @Test
    void doesNotWaitForALoneMessage() {
        assertThat(linger.whileFewArrive(worker, backlog)).isFalse();
    }

    @Test
    void doesNotWaitWhereWhatArrivedLastHasKeptItBusy() {
        entrance.push(copy());
        worker.now(worker.lookedNanos() + LONG_NANOS);
        assertThat(linger.whileFewArrive(worker, backlog)).isFalse();
    }

    @Test
    void doesNotWaitWhereSomethingIsReady() {
        entrance.push(copy());
        backlog.takeInArrivals();
        entrance.push(copy());
        assertThat(linger.whileFewArrive(worker, backlog)).isFalse();
    }

    @SuppressWarnings("NullAway") // it only lies in a queue
    private static Copy copy() {
        return Copy.of(Message.of("t", "payload"), null, Ordering.NONE, 0);
    }
}
