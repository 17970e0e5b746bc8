package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 9: what becomes of attempts that outlast the drain. */
class StopCancelTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();

    @Test
    void aCancelledAttemptIsNoFailureNoAttemptAndNoBreakerError() {
        PubSub engine = engines.started();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        List<Boolean> cancelled = new CopyOnWriteArrayList<>();
        AtomicBoolean hang = new AtomicBoolean(true);
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(1)
                                .minimumNumberOfCalls(1)
                                .build())
                        .build(),
                (m, d) -> {
                    attempts.add(d.attempt());
                    if (hang.get()) {
                        try {
                            gate.pass();
                        } finally {
                            cancelled.add(d.isCancelled());
                        }
                    }
                });
        engine.publish("t", "x");
        gate.awaitArrivals(1);

        engine.stop(Duration.ZERO);

        SubscriptionFigures stopped = figures(engine, "s");
        assertThat(stopped.queued()).isEqualTo(1);
        assertThat(stopped.active()).isZero();
        assertThat(stopped.failures()).isZero();
        assertThat(stopped.retries()).isZero();
        assertThat(stopped.cancelled()).isEqualTo(1);
        assertThat(stopped.deadLettered()).isZero();
        assertThat(stopped.breakerTrips()).isZero();
        assertThat(stopped.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(cancelled).containsExactly(true);
        assertBalanced(engine);

        hang.set(false);
        engine.start();
        awaitQuiet(engine);
        assertThat(attempts).containsExactly(1, 1);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void cancelledCopiesGoBackToTheHeadOfTheirLane() {
        PubSub engine = engines.started();
        List<String> handled = new CopyOnWriteArrayList<>();
        AtomicBoolean hang = new AtomicBoolean(true);
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .build(),
                (m, d) -> {
                    if (hang.get()) {
                        gate.pass();
                    }
                    handled.add(m.key() + m.payload());
                });
        for (int i = 0; i < 5; i++) {
            for (String key : List.of("a", "b", "c")) {
                engine.publish("t", key, i);
            }
        }
        gate.awaitArrivals(3);

        engine.stop(Duration.ZERO);
        assertThat(figures(engine, "s").queued()).isEqualTo(15);
        hang.set(false);
        engine.start();

        awaitQuiet(engine);
        for (String key : List.of("a", "b", "c")) {
            assertThat(handled)
                    .filteredOn(entry -> entry.startsWith(key))
                    .containsExactly(key + 0, key + 1, key + 2, key + 3, key + 4);
        }
    }

    @Test
    void aHandlerThatEndsWellAllTheSameHasCompletedItsCopy() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            try {
                gate.pass();
            } catch (InterruptedException endsQuickly) {
                // and well
            }
        });
        engine.publish("t", "x");
        gate.awaitArrivals(1);

        engine.stop(Duration.ZERO);

        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(figures(engine, "s").abandoned()).isZero();
    }

    @Test
    void aHandlerWhosePublishIsRefusedBecauseTheDrainIsOverHasNotFailed() {
        PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofSeconds(20)));
        Subscription full = engine.subscribe(
                SubscriptionSpec.builder("full", "b")
                        .concurrency(1)
                        .queueCapacity(1)
                        .build(),
                (m, d) -> {});
        full.pause();
        engine.publish("b", 1);
        engine.publish("b", 2);
        AtomicBoolean on = new AtomicBoolean(true);
        AtomicInteger waiting = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .concurrency(32)
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                (m, d) -> {
                    if (on.get()) {
                        waiting.incrementAndGet();
                        engine.publish("b", "waits for room");
                    }
                });
        for (int i = 0; i < 32; i++) {
            engine.publish("t", i);
        }
        for (int round = 1; round <= 20; round++) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> waiting.get() == 32);

            engine.stop(Duration.ZERO);

            assertThat(figures(engine, "s").failures()).isZero();
            assertThat(figures(engine, "s").retries()).isZero();
            assertThat(figures(engine, "s").queued()).isEqualTo(32);
            waiting.set(0);
            on.set(round < 20);
            engine.start();
        }
        full.resume();
        awaitQuiet(engine);
    }

    @Test
    void aHandlerThatIgnoresTheInterruptIsAbandonedAndItsKeyStaysBlocked() throws Exception { // FAULTS 12
        PubSub engine = engines.started();
        List<String> handled = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(2)
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("hangs") && gate.arrived() == 0) {
                        gate.passStubbornly();
                    } else {
                        handled.add(m.key() + " " + m.payload());
                    }
                });
        engine.publish("t", "k", "hangs");
        gate.awaitArrivals(1);
        engine.publish("t", "k", "follows");

        assertThat(took(() -> engine.stop(Duration.ofMillis(100)))).isLessThan(Duration.ofMillis(1_100));

        assertThat(figures(engine, "s").abandoned()).isEqualTo(1);
        assertThat(figures(engine, "s").queued()).isEqualTo(2);
        assertThat(figures(engine, "s").active()).isZero();
        assertThat(figures(engine, "s").timeouts()).isZero();
        assertBalanced(engine);

        engine.start();
        engine.publish("t", "other", "passes");
        Soon.until(() -> handled.contains("other passes"));
        assertThat(handled).containsExactly("other passes");

        gate.open();
        awaitQuiet(engine);
        assertThat(handled).containsExactly("other passes", "k hangs", "k follows");
        assertThat(figures(engine, "s").abandoned()).isZero();
        assertThat(figures(engine, "s").lateCompletions()).isEqualTo(1);
    }
}
