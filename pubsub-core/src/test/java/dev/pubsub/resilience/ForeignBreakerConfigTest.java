package dev.pubsub.resilience;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The application's own code inside a breaker's configuration may fail. */
class ForeignBreakerConfigTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aPredicateThatThrowsAtATimeoutCostsNeitherTheCopyNorTheWorker() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
        registry.addConfiguration(
                "s",
                CircuitBreakerConfig.custom()
                        .recordException(thrown -> {
                            throw new IllegalStateException("a bad predicate");
                        })
                        .build());
        PubSub engine = engines.started(builder -> builder.resilience(ResilienceRegistries.of(registry, null)));
        CountDownLatch release = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(30))
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("hang")) {
                        release.await();
                    }
                });

        engine.publish("t", "hang");
        engine.publish("t", "good");

        awaitQuiet(engine);
        release.countDown();
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .extracting(DeadLetter::reason)
                .isEqualTo(DeadLetter.Reason.TIMEOUT);
    }
}
