package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 9: what a drain waits for, and what it does not. */
class StopDrainTest {

    private static final Duration LONG = Duration.ofSeconds(10);

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();

    @Test
    void theDrainWaitsForWhatIsQueuedAndActive() throws Exception {
        PubSub engine = engines.started();
        AtomicInteger handled = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            gate.pass();
            handled.incrementAndGet();
        });
        for (int i = 0; i < 100; i++) {
            engine.publish("t", i);
        }
        gate.awaitArrivals(1);

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == PubSubSnapshot.State.STOPPING);
        assertThat(stop).isNotDone();
        gate.open();

        stop.get(5, TimeUnit.SECONDS);
        assertThat(handled).hasValue(100);
        assertThat(engine.snapshot().state()).isEqualTo(PubSubSnapshot.State.STOPPED);
    }

    @Test
    void theDrainWaitsForARetryThatFallsDueBeforeItsEnd() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            if (d.attempt() == 1) {
                throw new RetryLaterException(Duration.ofMillis(150));
            }
        });
        engine.publish("t", "x");

        engine.stop(LONG);

        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void theDrainDoesNotWaitForWhatFallsDueAfterItsEnd() throws Exception { // FAULTS 12
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            throw new RetryLaterException(Duration.ofHours(1));
        });
        engine.publish("t", "x");
        Soon.until(() -> figures(engine, "s").parked() == 1);

        assertThat(took(() -> engine.stop(LONG))).isLessThan(Duration.ofMillis(500));

        assertThat(figures(engine, "s").parked()).isEqualTo(1);
    }

    @Test
    void theDrainDoesNotWaitForPausedCopies() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        subscription.pause();
        engine.publish("t", "x");

        assertThat(took(() -> engine.stop(LONG))).isLessThan(Duration.ofMillis(500));

        assertThat(figures(engine, "s").queued()).isEqualTo(1);
    }

    @Test
    void theDrainDoesNotWaitForCopiesThatAnOpenBreakerHoldsBeyondItsEnd() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(2)
                                .minimumNumberOfCalls(2)
                                .waitDurationInOpenState(Duration.ofMinutes(1))
                                .build())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("down");
                });
        for (int i = 0; i < 5; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").state() == Subscription.State.PAUSED);

        assertThat(took(() -> engine.stop(LONG))).isLessThan(Duration.ofMillis(500));

        assertThat(figures(engine, "s").queued()).isEqualTo(3);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(2);
    }

    @Test
    void theDrainWaitsForABreakerThatLetsProbesThroughBeforeItsEnd() throws Exception {
        PubSub engine = engines.started();
        AtomicInteger calls = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(2)
                                .minimumNumberOfCalls(2)
                                .waitDurationInOpenState(Duration.ofMillis(700))
                                .build())
                        .build(),
                (m, d) -> {
                    if (calls.incrementAndGet() <= 2) {
                        throw new IllegalStateException("down");
                    }
                });
        for (int i = 0; i < 5; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").state() == Subscription.State.PAUSED);

        engine.stop(LONG);

        assertThat(figures(engine, "s").completed()).isEqualTo(3);
    }

    @Test
    void theDrainDoesNotWaitForFollowersOfAnAbandonedHandler() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .timeout(Duration.ofMillis(50))
                        .build(),
                (m, d) -> gate.passStubbornly());
        engine.publish("t", "k", "hangs");
        engine.publish("t", "k", "follows");
        Soon.until(() -> figures(engine, "s").abandoned() == 1);

        assertThat(took(() -> engine.stop(LONG))).isLessThan(Duration.ofMillis(500));

        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        gate.open();
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
    }

    @Test
    void messagesFromOutsideAreRefusedFromTheBeginningAndThoseOfHandlersAreDelivered() throws Exception {
        PubSub engine = engines.started();
        AtomicInteger second = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("first", "a").build(), (m, d) -> {
            gate.pass();
            engine.publish("b", "from a handler");
        });
        engine.subscribe(SubscriptionSpec.builder("second", "b").build(), (m, d) -> second.incrementAndGet());
        engine.publish("a", "x");
        gate.awaitArrivals(1);

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == PubSubSnapshot.State.STOPPING);
        assertThatThrownBy(() -> engine.publish("b", "from outside")).isInstanceOf(PubSubClosedException.class);
        assertThat(engine.publishAsync(Message.of("b", "from outside"))).isCompletedExceptionally();
        gate.open();

        stop.get(5, TimeUnit.SECONDS);
        assertThat(second).hasValue(1);
        assertThat(figures(engine, "first").completed()).isEqualTo(1);
    }

    @Test
    void messagesOfHandlersAreRefusedAfterTheDrain() throws Exception {
        PubSub engine = engines.started();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").retry(RetryPolicy.disabled()).build(), (m, d) -> {
                    gate.passStubbornly();
                    try {
                        engine.publish("b", "too late");
                    } catch (PubSubClosedException e) {
                        refusal.set(e);
                        throw e;
                    }
                });
        engine.publish("t", "x");
        gate.awaitArrivals(1);

        engine.stop(Duration.ZERO);
        gate.open();

        Soon.untilAsserted(() -> assertThat(refusal).doesNotHaveNullValue());
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
        assertThat(figures(engine, "s").failures()).isZero();
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
    }

    @Test
    void anIdleEngineStopsInLessThan50Milliseconds() throws Exception {
        PubSub engine = engines.started();
        for (int i = 0; i < 20; i++) {
            engine.subscribe(SubscriptionSpec.builder("s" + i, "t").build(), (m, d) -> {});
        }
        engine.publish("t", "x");
        awaitQuiet(engine);
        Duration best = LONG;
        for (int i = 0; i < 5; i++) { // the best of five: the machine may be busy
            Duration took = took(() -> engine.stop(LONG));
            best = took.compareTo(best) < 0 ? took : best;
            engine.start();
        }
        assertThat(best).isLessThan(Duration.ofMillis(50));
    }

    @Test
    void whatIsLeftIsReportedForEachSubscription() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("waits", "t").build(), (m, d) -> {})
                .pause();
        engine.subscribe(SubscriptionSpec.builder("parks", "t").build(), (m, d) -> {
            throw new RetryLaterException(Duration.ofHours(1));
        });
        engine.subscribe(SubscriptionSpec.builder("done", "t").build(), (m, d) -> {});
        engine.publish("t", 1);
        engine.publish("t", 2);
        Soon.until(() -> figures(engine, "parks").parked() == 2);

        engine.stop(Duration.ofSeconds(1));

        assertThat(log.lines())
                .contains("WARN Subscription 'waits' stopped with 2 copies queued, 0 parked, 0 active, and 0 abandoned"
                        + " handlers")
                .contains("WARN Subscription 'parks' stopped with 0 copies queued, 2 parked, 0 active, and 0 abandoned"
                        + " handlers")
                .noneMatch(line -> line.contains("'done' stopped with"));
    }

    @Test
    void whatWasQueuedAndParkedGoesOnAfterTheNextStart() {
        PubSub engine = engines.started();
        AtomicInteger handled = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            if (d.attempt() == 1 && m.payload().equals("late")) {
                throw new RetryLaterException(Duration.ofMillis(400));
            }
            handled.incrementAndGet();
        });
        engine.publish("t", "late");
        Soon.until(() -> figures(engine, "s").parked() == 1);

        for (int i = 0; i < 3; i++) {
            engine.stop(Duration.ZERO);
            engine.start();
        }

        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
        assertThat(figures(engine, "s").retries()).isEqualTo(1);
    }
}
