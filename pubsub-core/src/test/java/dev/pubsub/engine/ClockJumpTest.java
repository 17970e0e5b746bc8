package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription.State;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock may jump by an hour, either way: nothing is due earlier or later. */
@Timeout(30)
class ClockJumpTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Gatekeeper gate = new Gatekeeper();

    private PubSub engine() {
        return engines.started(builder -> builder.timeSource(time).scheduler(time));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void aDeadlineStaysWhereItIs(int hours) { // FAULTS 26
        PubSub engine = engine();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofSeconds(10))
                        .build(),
                (m, d) -> gate.passStubbornly());
        engine.publish("t", "x");
        gate.awaitArrivals(1);

        time.advance(Duration.ofMillis(9_999));
        time.jumpWallClock(Duration.ofHours(hours));
        time.advance(Duration.ZERO);
        assertThat(figures(engine, "s").timeouts()).isZero();

        time.advance(Duration.ofMillis(2));
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
        gate.open();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void aRetryComesWhenItIsDue(int hours) { // FAULTS 26
        PubSub engine = engine();
        AtomicInteger attempts = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofSeconds(5))
                                .jitter(0)
                                .build())
                        .build(),
                (m, d) -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw new IllegalStateException("once");
                    }
                });
        engine.publish("t", "x");
        Soon.until(() -> figures(engine, "s").parked() == 1);

        time.jumpWallClock(Duration.ofHours(hours));
        time.advance(Duration.ofMillis(4_999));
        assertThat(figures(engine, "s").parked()).isEqualTo(1);

        time.advance(Duration.ofMillis(1));
        awaitQuiet(engine);
        assertThat(attempts).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void anOpenBreakerWaitsAsLongAsItWould(int hours) { // FAULTS 26
        PubSub engine = engine();
        AtomicBoolean down = new AtomicBoolean(true);
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(2)
                                .minimumNumberOfCalls(2)
                                .waitDurationInOpenState(Duration.ofSeconds(30))
                                .build())
                        .build(),
                (m, d) -> {
                    if (down.get()) {
                        throw new IllegalStateException("down");
                    }
                });
        for (int i = 0; i < 4; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").state() == State.PAUSED
                && figures(engine, "s").active() == 0);
        down.set(false);

        time.jumpWallClock(Duration.ofHours(hours));
        time.advance(Duration.ofSeconds(29));
        assertThat(figures(engine, "s").state()).isEqualTo(State.PAUSED);
        assertThat(figures(engine, "s").queued()).isEqualTo(2);

        time.advance(Duration.ofSeconds(2));
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(2);
    }
}
