package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pubsub.testing.Soon;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final Slots slots = new Slots(2);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void thereAreAsManyAsTheLimit() {
        assertThat(slots.tryAcquire()).isTrue();
        assertThat(slots.tryAcquire()).isTrue();
        assertThat(slots.tryAcquire()).isFalse();
        assertThat(slots.taken()).isEqualTo(2);

        slots.release();

        assertThat(slots.taken()).isEqualTo(1);
        assertThat(slots.tryAcquire()).isTrue();
    }

    @Test
    void whoWaitsGetsTheSlotThatIsGivenBack() throws Exception {
        takeAll();
        Future<Boolean> waiting = threads.submit(() -> slots.tryAcquire(1, TimeUnit.HOURS));
        Soon.until(slots::hasWaiters);

        slots.release();

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(slots.taken()).isEqualTo(2);
        assertThat(slots.hasWaiters()).isFalse();
    }

    @Test
    void whoWaitsInVainIsToldSoAndWaitsNoLonger() throws Exception {
        takeAll();

        assertThat(slots.tryAcquire(1, TimeUnit.MILLISECONDS)).isFalse();

        assertThat(slots.hasWaiters()).isFalse();
        assertThat(slots.taken()).isEqualTo(2);
    }

    @Test
    void anInterruptEndsTheWaitAndTakesNothing() throws Exception {
        takeAll();
        Future<Boolean> waiting = threads.submit(() -> slots.tryAcquire(1, TimeUnit.HOURS));
        Soon.until(slots::hasWaiters);

        threads.shutdownNow();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
        assertThat(slots.taken()).isEqualTo(2);
    }

    @Test
    void manyThreadsNeverHoldMoreThanTheLimitAndAllGetTheirTurn() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(threads.submit(() -> {
                for (int turn = 0; turn < 5_000; turn++) {
                    assertThat(slots.tryAcquire(1, TimeUnit.HOURS)).isTrue();
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    inside.decrementAndGet();
                    slots.release();
                }
                return null;
            }));
        }

        for (Future<?> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }

        assertThat(most.get()).isBetween(1, 2);
        assertThat(slots.taken()).isZero();
    }

    private void takeAll() {
        assertThat(slots.tryAcquire()).isTrue();
        assertThat(slots.tryAcquire()).isTrue();
    }
}
