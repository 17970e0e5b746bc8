package dev.pubsub.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.BreakerPolicy.WindowType;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.resilience.ResilienceRegistries.BreakerConfigs;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.testing.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not reported to a breaker must make no difference: to one beside it everything is reported. */
class StreakTest {

    private static final int WINDOW = 10;
    private static final Duration SLOW = Duration.ofMillis(100);
    private static final Duration OPEN_FOR = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final EngineTime engineTime = new EngineTime(time);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aBreakerThatIsSparedNewsIsLikeOneThatIsToldAll(long seed) {
        Random random = new Random(seed);
        SubscriptionSpec<?> spec = spec(policy(WindowType.COUNT_BASED));
        Breaker spared = ResilienceRegistries.of(null, null).breaker(spec, engineTime);
        CircuitBreaker told =
                CircuitBreaker.of("told", BreakerConfigs.of(spec.circuitBreaker(), spec.timeout(), engineTime));

        for (int step = 0; step < 20_000; step++) {
            boolean permitted = told.tryAcquirePermission();
            int permit = spared.acquire();
            assertThat(permit != Breaker.DENIED).as("permit of step %d", step).isEqualTo(permitted);
            if (permitted) {
                report(random, spared, permit, told);
            } else {
                time.advance(OPEN_FOR.dividedBy(4));
            }
            assertThat(spared.state())
                    .as("state after step %d", step)
                    .isEqualTo(told.getState().name());
            assertThat(spared.failureRate())
                    .as("failure rate after step %d", step)
                    .isEqualTo(told.getMetrics().getFailureRate());
        }
    }

    /** Long calm, so that streaks form, and now and then trouble. */
    private static void report(Random random, Breaker spared, int permit, CircuitBreaker told) {
        int roll = random.nextInt(100);
        boolean trouble = random.nextInt(40) < 1;
        long fast = TimeUnit.MILLISECONDS.toNanos(1);
        long slow = SLOW.toNanos() + 1;
        if (roll < 3 || (trouble && roll < 60)) {
            IllegalStateException failure = new IllegalStateException("fails");
            spared.error(permit, fast, failure);
            told.onError(fast, TimeUnit.NANOSECONDS, failure);
        } else if (roll < 6) {
            spared.success(permit, slow);
            told.onSuccess(slow, TimeUnit.NANOSECONDS);
        } else if (roll < 8) {
            spared.release(permit);
            told.releasePermission();
        } else {
            spared.success(permit, fast);
            told.onSuccess(fast, TimeUnit.NANOSECONDS);
        }
    }

    @Test
    void onceTheWindowHoldsNothingElseAFastSuccessIsNoNews() {
        SharedBreaker breaker = shared(WindowType.COUNT_BASED, true);
        for (int i = 0; i < WINDOW; i++) {
            assertThat(breaker.isNoNews(Breaker.NO_PROBE, 1)).as("after %d", i).isFalse();
            breaker.success(breaker.acquire(), 1);
        }

        assertThat(breaker.isNoNews(Breaker.NO_PROBE, 1)).isTrue();
        assertThat(breaker.isNoNews(Breaker.NO_PROBE, SLOW.toNanos() + 1))
                .as("a slow one")
                .isFalse();

        breaker.error(1, new IllegalStateException("fails"));

        assertThat(breaker.isNoNews(Breaker.NO_PROBE, 1)).isFalse();
    }

    @Test
    void aSuccessThatBeganToBeReportedBeforeAFailureDoesNotCount() {
        Streak streak =
                Streak.of(CircuitBreakerConfig.custom().slidingWindowSize(1).build());
        long before = streak.before();
        streak.end();

        streak.count(before);

        assertThat(streak.fillsWindow()).isFalse();
        streak.count(streak.before());
        assertThat(streak.fillsWindow()).isTrue();
    }

    @Test
    void successesThatAreReportedToAnOpenBreakerDoNotCount() {
        SharedBreaker breaker = shared(WindowType.COUNT_BASED, true);
        breaker.instance().transitionToOpenState();
        assertThat(breaker.instance().getState()).isEqualTo(State.OPEN);

        for (int i = 0; i < 2 * WINDOW; i++) {
            breaker.success(Breaker.NO_PROBE, 1);
        }

        assertThat(breaker.acquire()).isEqualTo(Breaker.DENIED);
    }

    /** Between a report that trips the breaker and its being open, other workers report to the closed one. */
    @Test
    void successesThatComeBetweenOneThatTripsAndTheTripDoNotHideThatItIsOpen() {
        SharedBreaker breaker = shared(WindowType.COUNT_BASED, true);
        breaker.instance().getEventPublisher().onFailureRateExceeded(event -> {
            for (int i = 0; i < WINDOW; i++) {
                breaker.success(Breaker.NO_PROBE, 1);
            }
        });
        for (int i = 0; i < 4; i++) {
            breaker.error(1, new IllegalStateException("fails"));
        }

        breaker.success(Breaker.NO_PROBE, 1); // the fifth call, so that the rate is looked at

        assertThat(breaker.instance().getState()).isEqualTo(State.OPEN);
        assertThat(breaker.acquire()).isEqualTo(Breaker.DENIED);
    }

    @Test
    void aWindowOfTimeIsToldOfEverySuccess() {
        SharedBreaker breaker = shared(WindowType.TIME_BASED, true);
        for (int i = 0; i < 2 * WINDOW; i++) {
            breaker.success(breaker.acquire(), 1);
        }

        assertThat(breaker.isNoNews(Breaker.NO_PROBE, 1)).isFalse();
        assertThat(breaker.instance().getMetrics().getNumberOfSuccessfulCalls()).isEqualTo(2 * WINDOW);
    }

    @Test
    void anInstanceOfTheApplicationIsToldOfEverySuccess() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        SubscriptionSpec<?> spec = spec(policy(WindowType.COUNT_BASED));
        Breaker breaker = ResilienceRegistries.of(registry, null).breaker(spec, engineTime);
        for (int i = 0; i < 2 * WINDOW; i++) {
            breaker.success(breaker.acquire(), 1);
        }
        registry.circuitBreaker("s").onError(1, TimeUnit.NANOSECONDS, new IllegalStateException("somebody else's"));
        breaker.success(breaker.acquire(), 1);

        assertThat(registry.circuitBreaker("s").getMetrics().getNumberOfFailedCalls())
                .isEqualTo(1);
        for (int i = 1; i < WINDOW; i++) {
            breaker.success(breaker.acquire(), 1);
        }
        assertThat(registry.circuitBreaker("s").getMetrics().getNumberOfFailedCalls())
                .isZero();
    }

    private SharedBreaker shared(WindowType type, boolean exclusive) {
        BreakerPolicy policy = policy(type);
        return new SharedBreaker(
                CircuitBreaker.of("s", BreakerConfigs.of(policy, Services.TIMEOUT, engineTime)), engineTime, exclusive);
    }

    private static SubscriptionSpec<?> spec(BreakerPolicy policy) {
        return Services.spec(policy).build();
    }

    private static BreakerPolicy policy(WindowType type) {
        return BreakerPolicy.builder()
                .slidingWindowType(type)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .slowCallDurationThreshold(SLOW)
                .permittedNumberOfCallsInHalfOpenState(3)
                .waitDurationInOpenState(OPEN_FOR)
                .build();
    }
}
