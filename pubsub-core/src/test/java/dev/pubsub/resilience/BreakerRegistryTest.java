package dev.pubsub.resilience;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose instance of Resilience4j it is. */
class BreakerRegistryTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final Services service = new Services();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final RetryRegistry retries = RetryRegistry.ofDefaults();

    private PubSub engine() {
        return engines.started(builder ->
                builder.timeSource(time).scheduler(time).resilience(ResilienceRegistries.of(breakers, retries)));
    }

    private static CircuitBreakerConfig twoCalls() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .build();
    }

    private void failTwice(PubSub engine) {
        service.down();
        engine.publish("t", 1);
        engine.publish("t", 2);
        Soon.until(() -> figures(engine, "s").parked() == 2);
    }

    @Test
    void anInstanceOfTheApplicationWinsAndIsNotRemoved() {
        var theirs = breakers.circuitBreaker("s", twoCalls());
        PubSub engine = engine();
        Subscription subscription = engine.subscribe(
                Services.spec(BreakerPolicy.defaults())
                        .retry(Services.patient())
                        .build(),
                service);

        failTwice(engine);

        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("OPEN");
        assertThat(log.lines(Level.INFO))
                .singleElement()
                .asString()
                .contains("'s' uses the application's circuit breaker 's' of Resilience4j");
        subscription.close();
        assertThat(breakers.find("s")).contains(theirs);
    }

    @Test
    void aConfigurationOfTheApplicationWinsAndTheInstanceMadeOfItIsRemoved() {
        breakers.addConfiguration("s", twoCalls());
        PubSub engine = engine();
        Subscription subscription = engine.subscribe(
                Services.spec(BreakerPolicy.defaults())
                        .retry(Services.patient())
                        .build(),
                service);

        failTwice(engine);

        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("OPEN");
        assertThat(log.lines(Level.INFO)).hasSize(1);
        subscription.close();
        assertThat(breakers.find("s")).isEmpty();
        assertThat(breakers.getConfiguration("s")).isPresent();
    }

    @Test
    void anInstanceThatTheEngineMadeIsRemovedWithItsSubscription() {
        PubSub engine = engine();
        Subscription subscription = engine.subscribe(
                Services.spec(Services.breaker().instanceName("gateway").build())
                        .retry(Services.patient())
                        .build(),
                service);
        failTwice(engine);
        assertThat(breakers.find("gateway")).isPresent();
        assertThat(retries.find("s")).isPresent();

        subscription.close();

        assertThat(breakers.getAllCircuitBreakers()).isEmpty();
        assertThat(retries.getAllRetries()).isEmpty();
        assertThat(log.lines(Level.INFO)).isEmpty();
    }

    @Test
    void subscriptionsThatNameOneInstanceShareItAndTheLastOneRemovesIt() {
        PubSub engine = engine();
        BreakerPolicy shared = Services.breaker().instanceName("gateway").build();
        Subscription one =
                engine.subscribe(Services.spec(shared).retry(Services.patient()).build(), service);
        Services healthy = new Services();
        Subscription two = engine.subscribe(
                dev.pubsub.SubscriptionSpec.builder("two", "u")
                        .circuitBreaker(shared)
                        .build(),
                healthy);
        engine.publish("u", "makes it");
        awaitQuiet(engine);
        service.down();
        for (int i = 0; i < 3; i++) { // with the success of the other one, the window is full
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 3);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("OPEN");
        Soon.until(() -> figures(engine, "s").active() == 0);

        engine.publish("u", "waits, too");
        Soon.until(() -> figures(engine, "two").active() == 0);
        assertThat(healthy.attempts).hasSize(1);
        assertThat(figures(engine, "two").pausedBy()).isEqualTo("circuit-breaker");
        assertThat(figures(engine, "s").breakerTrips() + figures(engine, "two").breakerTrips())
                .isEqualTo(1);
        time.advance(Services.OPEN_FOR.plusSeconds(1));
        Soon.until(() -> healthy.attempts.size() == 2);

        one.close();
        assertThat(breakers.find("gateway")).isPresent();
        two.close();
        assertThat(breakers.find("gateway")).isEmpty();
    }

    @Test
    void toShareABreakerIsNotToShareRetrySettings() {
        PubSub engine = engine();
        BreakerPolicy shared = BreakerPolicy.builder().instanceName("gateway").build();
        service.down();
        engine.subscribe(Services.spec(shared).retry(Services.patient()).build(), service);
        engine.subscribe(
                dev.pubsub.SubscriptionSpec.builder("two", "t")
                        .circuitBreaker(shared)
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(10))
                                .jitter(0)
                                .build())
                        .build(),
                service);
        engine.publish("t", "x");
        Soon.until(() -> figures(engine, "s").parked() + figures(engine, "two").parked() == 2);

        time.advance(Duration.ofMillis(10));

        Soon.until(() -> service.numbers.contains(2));
        Soon.until(
                () -> figures(engine, "two").active() + figures(engine, "two").queued() == 0);
        time.advance(Duration.ofMillis(20));
        Soon.until(() -> figures(engine, "two").deadLettered() == 1);
        assertThat(figures(engine, "s").parked()).isEqualTo(1);
    }

    @Test
    void aRetryOfTheApplicationWins() {
        retries.retry(
                "s",
                RetryConfig.custom()
                        .maxAttempts(5)
                        .waitDuration(Duration.ofMillis(10))
                        .build());
        PubSub engine = engine();
        engine.subscribe(Services.spec(BreakerPolicy.disabled()).build(), service);
        service.down();
        engine.publish("t", "x");
        for (int i = 1; i < 5; i++) {
            int attempts = i;
            Soon.until(() ->
                    service.attempts.size() == attempts && figures(engine, "s").parked() == 1);
            time.advance(Duration.ofMillis(10));
        }
        awaitQuiet(engine);

        assertThat(service.numbers).containsExactly(1, 2, 3, 4, 5);
        assertThat(retries.find("s")).isPresent();
    }
}
