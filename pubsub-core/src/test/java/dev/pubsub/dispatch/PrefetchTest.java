package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Delivery;
import dev.pubsub.PubSub;
import dev.pubsub.QueueFullException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A worker that takes several copies at once is to be told from one that takes one after another by its speed alone.
 * Ten copies wait when it begins, and it takes all of them; the handler of the third is held. Time stands still, so
 * that the worker never thinks that its handlers are slow.
 */
class PrefetchTest {

    private static final int PLACES = 80; // an eighth of them may be taken at once
    private static final int HELD = 3;
    private static final int MANY = 300_000 * Integer.getInteger("pubsub.test.scale", 1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Gatekeeper gate = new Gatekeeper();
    private final List<Object> handled = new CopyOnWriteArrayList<>();
    private final PubSub engine =
            engines.started(builder -> builder.timeSource(time).scheduler(time).overflow(Overflow.FAIL));
    private Subscription subscription;

    @AfterEach
    void letGo() {
        gate.open();
    }

    @Test
    void whatTheWorkerHasNotBegunIsQueuedAndWhatItHasDoneIsCompleted() {
        holdTheThirdOfTen(spec -> spec, this::hold);

        assertThat(figures(engine, "s").completed()).isEqualTo(2);
        assertThat(figures(engine, "s").active()).isEqualTo(1);
        assertThat(figures(engine, "s").queued()).isEqualTo(7);
        assertThat(figures(engine, "s").ready()).isEqualTo(7);
        assertBalanced(engine);

        gate.open();
        awaitQuiet(engine);
        assertThat(handled).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void placesOfSettledCopiesAreFreeWhileTheNextHandlerHangs() {
        holdTheThirdOfTen(spec -> spec, this::hold);

        publish(PLACES - 8);

        assertThatThrownBy(() -> engine.publish("t", 0)).isInstanceOf(QueueFullException.class);
        assertThat(figures(engine, "s").accepted()).isEqualTo(PLACES + 2);
    }

    @Test
    void nothingIsShedWhileASettledCopysPlaceIsFree() {
        holdTheThirdOfTen(spec -> spec.whenFull(WhenFull.DISCARD), this::hold);

        publish(PLACES - 8);
        assertThat(figures(engine, "s").discarded()).isZero();

        publish(1);
        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
    }

    @Test
    void aHandlerIsRefusedByItsOwnSubscriptionOnlyWhereThatIsFull() {
        holdTheThirdOfTen(spec -> spec, (number, delivery) -> {
            if (number == HELD) {
                publish(PLACES - 8);
                assertThatThrownBy(() -> engine.publish("t", 0)).isInstanceOf(QueueFullException.class);
                hold(number, delivery);
            }
        });

        assertThat(figures(engine, "s").accepted()).isEqualTo(PLACES + 2);
        assertThat(figures(engine, "s").completed()).isEqualTo(2);
    }

    @Test
    void aPauseHoldsBackWhatWasNotBegunInItsOrder() {
        holdTheThirdOfTen(spec -> spec, this::hold);

        subscription.pause();
        gate.open();
        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(handled).containsExactly(1, 2, 3);
        assertThat(figures(engine, "s").queued()).isEqualTo(7);

        subscription.resume();
        awaitQuiet(engine);
        assertThat(handled).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void behindAHandlerThatHangsBeyondItsDeadlineTheOthersGoOn() {
        holdTheThirdOfTen(spec -> spec.timeout(Duration.ofSeconds(5)), (number, delivery) -> {
            if (number == HELD) {
                gate.passStubbornly();
            }
        });

        time.advance(Duration.ofSeconds(6));

        awaitQuiet(engine);
        assertThat(handled).containsExactly(1, 2, 4, 5, 6, 7, 8, 9, 10);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
        assertThat(figures(engine, "s").abandoned()).isEqualTo(1);
        gate.open();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        assertThat(figures(engine, "s").completed()).isEqualTo(9);
    }

    @Test
    void whatFailsIsParkedAndTheOthersGoOn() {
        RetryPolicy once = RetryPolicy.builder()
                .maxAttempts(2)
                .waitDuration(Duration.ofSeconds(1))
                .build();
        holdTheThirdOfTen(spec -> spec.retry(once), (number, delivery) -> {
            if (number == HELD && delivery.attempt() == 1) {
                gate.pass();
                throw new IllegalStateException("the first attempt");
            }
        });
        gate.open();

        Soon.until(() -> handled.size() == 9);
        assertThat(figures(engine, "s").parked()).isEqualTo(1);
        time.advance(Duration.ofSeconds(2));

        awaitQuiet(engine);
        assertThat(handled).containsExactly(1, 2, 4, 5, 6, 7, 8, 9, 10, 3);
    }

    @Test
    void whatFallsDueGoesBeforeWhatWasNotBegun() {
        subscribe(spec -> spec, (number, delivery) -> {
            if (number == 0 && delivery.attempt() == 1) {
                throw new RetryLaterException(Duration.ofSeconds(1));
            }
            hold(number, delivery);
        });
        engine.publish("t", 0);
        Soon.until(() -> figures(engine, "s").parked() == 1);
        publishTenAtOnce();

        time.advance(Duration.ofSeconds(2));
        gate.open();

        awaitQuiet(engine);
        assertThat(handled).containsExactly(1, 2, 3, 0, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void aBreakerThatTripsHoldsTheOthersBack() {
        BreakerPolicy trips = BreakerPolicy.builder()
                .slidingWindowSize(3)
                .minimumNumberOfCalls(3)
                .failureRateThreshold(30)
                .build();
        holdTheThirdOfTen(spec -> spec.circuitBreaker(trips).retry(RetryPolicy.disabled()), (number, delivery) -> {
            if (number == HELD) {
                gate.pass();
                throw new IllegalStateException("trips it");
            }
        });

        gate.open();

        Soon.until(() ->
                figures(engine, "s").deadLettered() == 1 && figures(engine, "s").active() == 0);
        assertThat(figures(engine, "s").pausedBy()).isEqualTo("circuit-breaker");
        assertThat(figures(engine, "s").queued()).isEqualTo(7);
        assertThat(handled).containsExactly(1, 2);
    }

    @Test
    void aCloseDiscardsWhatWasNotBegunAndAwaitsTheHandler() throws Exception {
        holdTheThirdOfTen(spec -> spec, this::hold);

        Caller<Void> closing = Caller.of(() -> {
            subscription.close();
            return null;
        });
        Soon.until(() -> figures(engine, "s").discarded() == 7);
        assertThat(closing.isDone()).isFalse();

        gate.open();
        closing.result();
        assertThat(handled).containsExactly(1, 2, 3);
    }

    @Test
    void aCloseEndsHoweverCloselyItComesUponAWorkerThatGoesOn() throws Exception {
        for (int round = 0; round < 300; round++) {
            Subscription each = engine.subscribe(
                    SubscriptionSpec.builder("race", "race")
                            .queueCapacity(PLACES)
                            .build(),
                    (message, delivery) -> {});
            each.pause();
            for (int i = 0; i < 10; i++) {
                engine.publish("race", i);
            }
            each.resume();
            Caller.of(() -> {
                        each.close();
                        return null;
                    })
                    .result();
        }
    }

    /** In real time, since only then the worker is ever on its way from one copy to the next. */
    @Test
    void whoeverLooksOrActsWhileTheWorkerGoesOnFindsEachCopyOnceAndInItsOrder() throws Exception {
        PubSub real = engines.started();
        AtomicInteger latest = new AtomicInteger();
        AtomicInteger outOfOrder = new AtomicInteger();
        Subscription busy = real.subscribe(
                SubscriptionSpec.builder("busy", "busy").queueCapacity(1_000).build(), (message, delivery) -> {
                    int number = (Integer) message.payload();
                    if (latest.getAndSet(number) != number - 1) {
                        outOfOrder.incrementAndGet();
                    }
                });
        Caller<Void> publisher = Caller.of(() -> {
            for (int number = 1; number <= MANY; number++) {
                real.publish("busy", number);
            }
            return null;
        });

        int looks = 0;
        while (!publisher.isDone()) {
            assertThat(figures(real, "busy").active()).isLessThanOrEqualTo(1);
            assertBalanced(real);
            if (++looks % 3 == 0) {
                busy.pause();
                busy.resume();
            }
        }
        publisher.result();
        awaitQuiet(real);

        assertThat(outOfOrder).hasValue(0);
        assertThat(latest).hasValue(MANY);
        assertThat(figures(real, "busy").completed()).isEqualTo(MANY);
    }

    private void hold(int number, Delivery delivery) throws InterruptedException {
        if (number == HELD) {
            gate.pass();
        }
    }

    private interface Step {
        void at(int number, Delivery delivery) throws Exception;
    }

    private void holdTheThirdOfTen(UnaryOperator<SubscriptionSpec.Builder<Object>> settings, Step step) {
        subscribe(settings, step);
        publishTenAtOnce();
    }

    private void subscribe(UnaryOperator<SubscriptionSpec.Builder<Object>> settings, Step step) {
        SubscriptionSpec.Builder<Object> builder =
                SubscriptionSpec.builder("s", "t").queueCapacity(PLACES - 1);
        subscription = engine.subscribe(settings.apply(builder).build(), (message, delivery) -> {
            step.at((Integer) message.payload(), delivery);
            handled.add(message.payload());
        });
    }

    private void publishTenAtOnce() {
        subscription.pause();
        for (int number = 1; number <= 10; number++) {
            engine.publish("t", number);
        }
        subscription.resume();
        gate.awaitArrivals(1);
    }

    private void publish(int count) {
        for (int i = 0; i < count; i++) {
            engine.publish("t", 0);
        }
    }
}
