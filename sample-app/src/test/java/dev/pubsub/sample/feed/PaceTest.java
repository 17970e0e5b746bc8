package dev.pubsub.sample.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final List<Long> sleptMillis = new ArrayList<>();
    private long now = Duration.ofHours(1).toNanos();
    private final Pace pace = new Pace(100, () -> now, this::sleep);

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void shouldLetTheFirstPassAtOnceAndKeepTheOthersApart() throws InterruptedException {
        await(3);

        assertThat(sleptMillis).containsExactly(10L, 10L);
    }

    @Test
    void shouldNotWaitWhereTheWorkItselfTookAsLong() throws InterruptedException {
        pace.await();
        now += millis(10);
        pace.await();

        assertThat(sleptMillis).isEmpty();
    }

    @Test
    void shouldMakeUpForALateWakeUp() throws InterruptedException {
        pace.await();
        now += millis(25);
        await(3);

        assertThat(sleptMillis).containsExactly(5L);
    }

    @Test
    void shouldNotBurstAfterALongHoldUp() throws InterruptedException {
        pace.await();
        now += Duration.ofMinutes(1).toNanos();
        await(3);

        assertThat(sleptMillis).containsExactly(10L, 10L);
    }

    @Test
    void shouldEndWhenInterruptedEvenIfThereIsNothingToWaitFor() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(pace::await);
    }

    private void await(int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            pace.await();
        }
    }

    private void sleep(long nanos) {
        sleptMillis.add(Duration.ofNanos(nanos).toMillis());
        now += nanos;
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
