package dev.pubsub.resilience;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenOpen;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 7: an open breaker. */
class BreakerPauseTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final Services service = new Services();
    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();

    private PubSub engine() {
        return engines.started(builder ->
                builder.timeSource(time).scheduler(time).resilience(ResilienceRegistries.of(registry, null)));
    }

    private SubscriptionFigures trip(PubSub engine, SubscriptionSpec.Builder<Object> spec) {
        engine.subscribe(spec.retry(Services.patient()).build(), service);
        service.down();
        for (int i = 1; i <= 4; i++) {
            engine.publish("t", "key" + i, "trips " + i);
        }
        Soon.until(() -> figures(engine, "s").circuitBreaker().equals("OPEN"));
        Soon.until(() -> figures(engine, "s").active() == 0);
        return figures(engine, "s");
    }

    @Test
    void whileItIsOpenCopiesWaitWithoutAnAttemptAndNoneIsDeadLettered() {
        PubSub engine = engine();
        SubscriptionFigures tripped =
                trip(engine, Services.spec(Services.breaker().build()));
        engine.publish("t", "a", "waits 1");
        engine.publish("t", "b", "waits 2");

        time.advance(Services.OPEN_FOR.minusMillis(1));

        assertThat(service.attempts).hasSize(4);
        assertThat(figures(engine, "s").queued()).isEqualTo(2);
        assertThat(figures(engine, "s").parked()).isEqualTo(4);
        assertThat(figures(engine, "s").deadLettered()).isZero();
        assertThat(tripped.state()).isEqualTo(Subscription.State.PAUSED);
        assertThat(tripped.pausedBy()).isEqualTo("circuit-breaker");
    }

    @Test
    void whenTheWaitIsOverATimerAsksSinceACopyWaits() {
        PubSub engine = engine();
        trip(engine, Services.spec(Services.breaker().build()));
        engine.publish("t", "a", "waits 1");
        engine.publish("t", "b", "waits 2");
        service.up();

        time.advance(Services.OPEN_FOR.plusMillis(2));

        Soon.until(() -> figures(engine, "s").completed() == 2);
        assertThat(service.attempts).endsWith("waits 1", "waits 2");
        assertThat(service.numbers).endsWith(1, 1);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("CLOSED");
        assertThat(figures(engine, "s").state()).isEqualTo(Subscription.State.RUNNING);
    }

    @Test
    void thePauseIsAsOldAsItsTripWhateverProbesHaveFailedSince() {
        PubSub engine = engine();
        trip(engine, Services.spec(Services.breaker().build()));
        engine.publish("t", "a", "probe 1");
        engine.publish("t", "b", "probe 2");
        time.advance(Services.OPEN_FOR.minusMillis(1));
        assertThat(figures(engine, "s").pausedMillis())
                .isEqualTo(Services.OPEN_FOR.minusMillis(1).toMillis());

        time.advance(Duration.ofMillis(3));
        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        time.advance(Duration.ofSeconds(1));

        assertThat(figures(engine, "s").pausedMillis())
                .isEqualTo(Services.OPEN_FOR.plusMillis(1_002).toMillis());
        service.up();
        time.advance(Services.OPEN_FOR);
        Soon.until(() -> figures(engine, "s").circuitBreaker().equals("CLOSED"));
        assertThat(figures(engine, "s").pausedMillis()).isZero();
    }

    @Test
    void whereNoCopyWaitsTheNextOneIsTheProbe() {
        PubSub engine = engine();
        trip(engine, Services.spec(Services.breaker().build()));
        service.up();
        time.advance(Services.OPEN_FOR.plusSeconds(5));
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("OPEN");

        engine.publish("t", "a", "probe");

        Soon.until(() -> service.attempts.contains("probe"));
        Soon.until(() -> figures(engine, "s").completed() == 1);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("HALF_OPEN");
    }

    @Test
    void retriesThatFallDueWhileItIsOpenWaitToo() {
        PubSub engine = engine();
        engine.subscribe(
                Services.spec(Services.breaker().build())
                        .retry(RetryPolicy.builder()
                                .maxAttempts(10)
                                .waitDuration(Duration.ofSeconds(1))
                                .jitter(0)
                                .build())
                        .build(),
                service);
        service.down();
        for (int i = 0; i < 4; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 4);

        time.advance(Duration.ofSeconds(5));

        assertThat(figures(engine, "s").queued()).isEqualTo(4);
        assertThat(service.attempts).hasSize(4);
        service.up();
        time.advance(Services.OPEN_FOR);
        awaitQuiet(engine);
        assertThat(service.numbers).endsWith(2, 2, 2, 2);
        assertThat(figures(engine, "s").completed()).isEqualTo(4);
    }

    @Test
    void aTripIsCountedAndLoggedOnceEvenIfEightAttemptsFailAtTheSameTime() {
        PubSub engine = engine();
        CyclicBarrier together = new CyclicBarrier(8);
        service.behaviour = (m, d) -> {
            together.await(10, TimeUnit.SECONDS);
            throw new IllegalStateException("down");
        };
        engine.subscribe(
                Services.spec(Services.breaker().build())
                        .concurrency(8)
                        .retry(Services.patient())
                        .build(),
                service);
        for (int i = 0; i < 8; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 8);

        assertThat(figures(engine, "s").breakerTrips()).isEqualTo(1);
        assertThat(log.lines(Level.WARN))
                .singleElement()
                .isEqualTo("Subscription 's': circuit breaker 's' tripped; its copies wait");
    }

    @Test
    void eachTripAfterAFailedProbeIsAnotherOne() {
        PubSub engine = engine();
        trip(engine, Services.spec(Services.breaker().build()));
        engine.publish("t", "a", "waits");

        time.advance(Services.OPEN_FOR.plusMillis(2));
        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        time.advance(Services.OPEN_FOR.plusMillis(2));
        Soon.until(() -> figures(engine, "s").breakerTrips() == 3);

        assertThat(log.lines(Level.WARN)).hasSize(3);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(figures(engine, "s").deadLettered()).isZero();
    }

    @Test
    void copiesGoOnSoonAfterSomebodyHasClosedItByHand() {
        PubSub engine = engine();
        trip(engine, Services.spec(Services.breaker().build()));
        engine.publish("t", "a", "waits");
        service.up();

        registry.circuitBreaker("s").transitionToClosedState();
        time.advance(Duration.ofMillis(500));

        Soon.until(() -> figures(engine, "s").completed() == 1);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("CLOSED");
    }

    @Test
    void copiesWaitWhileSomebodyForcesItOpenAndGoOnAfterwards() {
        PubSub engine = engine();
        engine.subscribe(Services.spec(Services.breaker().build()).build(), service);
        engine.publish("t", "makes the instance");
        awaitQuiet(engine);
        registry.circuitBreaker("s").transitionToForcedOpenState();
        engine.publish("t", "waits");
        Soon.until(() -> figures(engine, "s").active() == 0);
        time.advance(Duration.ofHours(2));
        assertThat(figures(engine, "s").queued()).isEqualTo(1);

        registry.circuitBreaker("s").reset();
        time.advance(Duration.ofMillis(500));

        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(2);
    }

    @Test
    void withWhenOpenDeadLetterCopiesAreDeadLetteredWithoutAnAttempt() {
        PubSub engine = engine();
        engine.subscribe(
                Services.spec(Services.breaker().whenOpen(WhenOpen.DEAD_LETTER).build())
                        .retry(RetryPolicy.disabled())
                        .ordering(Ordering.KEY)
                        .build(),
                service);
        service.down();
        for (int i = 0; i < 6; i++) {
            engine.publish("t", "k", i);
        }
        awaitQuiet(engine);

        assertThat(service.attempts).hasSize(4);
        assertThat(engine.deadLetters()
                        .find(DeadLetterQuery.builder()
                                .reason(Reason.CIRCUIT_OPEN)
                                .build()))
                .hasSize(2)
                .allSatisfy(letter -> {
                    assertThat(letter.attempts()).isZero();
                    assertThat(letter.exceptionType()).endsWith("CircuitOpenException");
                });
        assertThat(figures(engine, "s").state()).isEqualTo(Subscription.State.RUNNING);

        service.up();
        time.advance(Services.OPEN_FOR.plusMillis(2));
        for (int i = 0; i < 3; i++) {
            engine.publish("t", "k", i);
        }
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(3);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("CLOSED");
    }

    @Test
    void withoutACircuitBreakerNothingTrips() {
        PubSub engine = engine();
        engine.subscribe(
                Services.spec(dev.pubsub.BreakerPolicy.disabled())
                        .retry(RetryPolicy.disabled())
                        .build(),
                service);
        service.down();
        for (int i = 0; i < 200; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(figures(engine, "s").deadLettered()).isEqualTo(200);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("NONE");
        assertThat(registry.getAllCircuitBreakers()).isEmpty();
    }
}
