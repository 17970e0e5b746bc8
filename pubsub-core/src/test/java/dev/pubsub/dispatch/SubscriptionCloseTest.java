package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.Subscription;
import dev.pubsub.Subscription.State;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 11: the end of a subscription. */
@Timeout(40)
class SubscriptionCloseTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();
    private final AtomicInteger handled = new AtomicInteger();

    @Test
    void closeAwaitsWhatIsActiveAndDiscardsTheRest() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
                    gate.pass();
                    handled.incrementAndGet();
                });
        CompletableFuture<DeliveryReport> active = engine.deliver(Message.of("t", 1));
        CompletableFuture<DeliveryReport> waiting = engine.deliver(Message.of("t", 2));
        gate.awaitArrivals(1);

        CompletableFuture<Void> close = CompletableFuture.runAsync(subscription::close);
        assertThat(waiting.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(close).isNotDone();
        assertThat(subscription.state()).isEqualTo(State.STOPPED);
        assertThat(engine.publish("t", 3).subscriptions()).isZero();
        gate.open();

        close.get(5, TimeUnit.SECONDS);
        assertThat(handled).hasValue(1);
        assertThat(active.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.COMPLETED);
        assertThat(engine.subscription("s")).isEmpty();
        assertThat(engine.snapshot().subscriptions()).isEmpty();
    }

    @Test
    void closeDiscardsParkedCopiesAndFollowersToo() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY).build(), (m, d) -> {
                    throw new RetryLaterException(Duration.ofHours(1));
                });
        CompletableFuture<DeliveryReport> parked =
                engine.deliver(Message.builder("t", 1).key("k").build());
        CompletableFuture<DeliveryReport> follower =
                engine.deliver(Message.builder("t", 2).key("k").build());
        Soon.until(() -> figures(engine, "s").parked() == 1);

        subscription.close();

        assertThat(parked.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(follower.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DISCARDED);
    }

    @Test
    void anActiveAttemptIsAwaitedAtMostToItsDeadline() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(200))
                        .build(),
                (m, d) -> gate.passStubbornly());
        engine.publish("t", 1);
        gate.awaitArrivals(1);

        assertThat(took(subscription::close)).isLessThan(Duration.ofMillis(700));
        gate.open();
    }

    @Test
    void aFailureOfAnActiveAttemptIsNotRetriedOnceItIsClosed() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
                    handled.incrementAndGet();
                    gate.pass();
                    throw new IllegalStateException("fails");
                });
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", 1));
        gate.awaitArrivals(1);
        CompletableFuture<Void> close = CompletableFuture.runAsync(subscription::close);
        Soon.until(() -> subscription.state() == State.STOPPED);
        gate.open();

        close.get(5, TimeUnit.SECONDS);
        assertThat(report.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aHandlerMayCloseItsOwnSubscription() throws Exception {
        PubSub engine = engines.started();
        AtomicReference<Duration> took = new AtomicReference<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            handled.incrementAndGet();
            took.set(took(() -> engine.subscription("s").orElseThrow().close()));
        });
        CompletableFuture<DeliveryReport> first = engine.deliver(Message.of("t", 1));

        assertThat(first.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.COMPLETED);
        assertThat(took.get()).isLessThan(Duration.ofSeconds(1));
        assertThat(engine.subscription("s")).isEmpty();
        assertThat(engine.publish("t", 2).subscriptions()).isZero();
        assertThat(handled).hasValue(1);
    }

    @Test
    void twoHandlersMayCloseTheirSubscriptionAtOnce() throws Exception {
        PubSub engine = engines.started();
        Subscription[] own = new Subscription[1];
        own[0] = engine.subscribe(
                SubscriptionSpec.builder("s", "t").concurrency(2).build(), (m, d) -> {
                    gate.pass();
                    own[0].close();
                });
        CompletableFuture<DeliveryReport> first = engine.deliver(Message.of("t", 1));
        CompletableFuture<DeliveryReport> second = engine.deliver(Message.of("t", 2));
        gate.awaitArrivals(2);

        gate.open();

        assertThat(first.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.COMPLETED);
        assertThat(second.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.COMPLETED);
        Soon.until(() -> engine.subscription("s").isEmpty());
    }

    @Test
    void twoThreadsMayCloseAtOnceAndBothWait() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
                    gate.pass();
                    handled.incrementAndGet();
                });
        engine.publish("t", 1);
        gate.awaitArrivals(1);
        CompletableFuture<Integer> first = closing(engine, subscription);
        CompletableFuture<Integer> second = closing(engine, subscription);
        Soon.until(() -> subscription.state() == State.STOPPED);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();

        gate.open();

        assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        subscription.close();
    }

    private CompletableFuture<Integer> closing(PubSub engine, Subscription subscription) {
        return CompletableFuture.supplyAsync(() -> {
            subscription.close();
            assertThat(engine.subscription("s")).isEmpty();
            return handled.get();
        });
    }

    @Test
    void anIdIsFreeOnceCloseHasReturnedAndNotBefore() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        PubSub engine = engines.started(builder -> builder.metrics(MicrometerMetrics.of(registry, false)));
        SubscriptionSpec<Object> spec = SubscriptionSpec.builder("s", "t").build();
        Subscription old = engine.subscribe(spec, (m, d) -> gate.pass());
        engine.publish("t", 1);
        gate.awaitArrivals(1);
        assertThatThrownBy(() -> engine.subscribe(spec, (m, d) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already a subscription with the id 's'");
        CompletableFuture<Void> close = CompletableFuture.runAsync(old::close);
        Soon.until(() -> old.state() == State.STOPPED);

        // its meters, its breaker and its sequences are still those of the old one
        assertThatThrownBy(() -> engine.subscribe(spec, (m, d) -> {})).isInstanceOf(IllegalStateException.class);
        assertBalanced(engine);

        gate.open();
        close.get(5, TimeUnit.SECONDS);
        engine.subscribe(spec, (m, d) -> handled.incrementAndGet());
        engine.publish("t", 2);
        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
        assertThat(figures(engine, "s").accepted()).isEqualTo(1);
        assertThat(registry.get("pubsub.subscription.process")
                        .tag("subscription", "s")
                        .tag("result", "success")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("pubsub.subscription.queued")
                        .tag("subscription", "s")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void anEngineThatStopsCancelsTheAttemptsOfASubscriptionThatIsBeingClosed() throws Exception {
        PubSub engine = engines.started(builder -> builder.shutdownTimeout(Duration.ofMillis(50)));
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").timeout(Duration.ofHours(1)).build(),
                (m, d) -> gate.passStubbornly());
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", 1));
        gate.awaitArrivals(1);
        CompletableFuture<Void> close = CompletableFuture.runAsync(subscription::close);
        Soon.until(() -> subscription.state() == State.STOPPED);

        assertThat(took(engine::close)).isLessThan(Duration.ofMillis(1_050));

        close.get(1, TimeUnit.SECONDS);
        assertThat(report.get(1, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DISCARDED);
        gate.open();
    }

    @Test
    void aSubscriptionOfAnEngineThatNeverStartedCloses() {
        PubSub engine = engines.unstarted(builder -> builder);
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        engine.publish("t", 1);

        subscription.close();

        assertThat(engine.publish("t", 2).subscriptions()).isZero();
        assertThat(engine.snapshot().subscriptions()).isEmpty();
    }
}
