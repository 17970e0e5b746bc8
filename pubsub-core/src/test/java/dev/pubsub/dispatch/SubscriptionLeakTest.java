package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.testing.Engines;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What subscriptions leave behind: nothing. */
@Timeout(120)
class SubscriptionLeakTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final RetryRegistry retries = RetryRegistry.ofDefaults();

    private PubSub engine() {
        return engines.started(builder -> builder.metrics(MicrometerMetrics.of(meters, false))
                .resilience(ResilienceRegistries.of(breakers, retries)));
    }

    @Test
    void manyThatComeAndGoLeaveMetersBreakersAndThreadsAtTheBaseline() throws Exception { // FAULTS 14
        PubSub engine = engine();
        comeWorkAndGo(engine, "warm-up", "warm");
        int baseline = meters.getMeters().size();
        int threads = workers();
        int count = 10_000 * Integer.getInteger("pubsub.test.scale", 1);

        for (int i = 0; i < count; i++) {
            if (i % 100 == 0) {
                comeWorkAndGo(engine, "s" + i, "topic.of." + i); // its breaker is made at the first attempt
            } else {
                engine.subscribe(
                                SubscriptionSpec.builder("s" + i, "topic.of." + i)
                                        .build(),
                                (m, d) -> {})
                        .close();
            }
        }

        assertThat(engine.subscriptions()).isEmpty();
        assertThat(meters.getMeters()).hasSize(baseline);
        assertThat(breakers.getAllCircuitBreakers()).isEmpty();
        assertThat(retries.getAllRetries()).isEmpty();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(workers()).isLessThanOrEqualTo(threads + 4));
    }

    private static void comeWorkAndGo(PubSub engine, String id, String topic) throws Exception {
        SubscriptionSpec<Object> spec = SubscriptionSpec.builder(id, topic)
                .ordering(Ordering.KEY)
                .retry(RetryPolicy.builder()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMillis(1))
                        .build())
                .build();
        Subscription subscription = engine.subscribe(spec, (m, d) -> {
            if (d.attempt() == 1) {
                throw new IllegalStateException("once");
            }
        });
        engine.deliver(Message.builder(topic, "x").key("k").build()).get(5, TimeUnit.SECONDS);
        subscription.close();
    }

    @Test
    void aClosedSubscriptionItsHandlerAndItsMessagesAreForgotten() throws Exception { // FAULTS 14
        PubSub engine = engine();
        List<WeakReference<?>> references = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            references.addAll(usedAndClosed(engine, "s" + i));
        }
        awaitQuiet(engine);
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    System.gc();
                    assertThat(references)
                            .allSatisfy(reference -> assertThat(reference.get()).isNull());
                });
    }

    private static List<WeakReference<?>> usedAndClosed(PubSub engine, String id) throws Exception {
        MessageHandler<Object> handler = new MessageHandler<>() {
            @Override
            public void handle(Message<Object> message, dev.pubsub.Delivery delivery) {
                if (delivery.attempt() == 1) {
                    throw new IllegalStateException("once");
                }
            }
        };
        Object payload = new Object();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder(id, "t")
                        .timeout(Duration.ofMillis(500))
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(1))
                                .build())
                        .build(),
                handler);
        engine.deliver(Message.of("t", payload)).get(5, TimeUnit.SECONDS);
        subscription.close();
        return List.of(new WeakReference<>(subscription), new WeakReference<>(handler), new WeakReference<>(payload));
    }

    private static int workers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pubsub-"))
                .count();
    }
}
