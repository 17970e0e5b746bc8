package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.Subscription.State;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 11: pause, resume, and subscriptions that do not start by themselves. */
class PauseTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();
    private final AtomicInteger handled = new AtomicInteger();

    @Test
    void aPausedSubscriptionTakesCopiesAndBeginsNoAttempt() {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.incrementAndGet());

        subscription.pause();
        subscription.pause();

        assertThat(subscription.state()).isEqualTo(State.PAUSED);
        assertThat(figures(engine, "s").pausedBy()).isEqualTo("manual");
        assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(handled).hasValue(0);

        subscription.resume();
        awaitQuiet(engine);
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        assertThat(handled).hasValue(1);
    }

    @Test
    void thePauseIsAsOldAsTheFirstCallThatMadeIt() {
        ManualTime time = new ManualTime();
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.incrementAndGet());
        time.advance(Duration.ofSeconds(1));
        assertThat(figures(engine, "s").pausedMillis()).isZero();

        subscription.pause();
        time.advance(Duration.ofSeconds(7));
        subscription.pause();
        time.advance(Duration.ofSeconds(2));

        assertThat(figures(engine, "s").pausedMillis()).isEqualTo(9_000);
        subscription.resume();
        assertThat(figures(engine, "s").pausedMillis()).isZero();
    }

    @Test
    void latencyIsWhatACopyTookFromItsAcceptanceToItsSettlement() {
        ManualTime time = new ManualTime();
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.incrementAndGet());
        subscription.pause();
        engine.publish("t", "first");
        time.advance(Duration.ofSeconds(2));
        engine.publish("t", "second");
        time.advance(Duration.ofSeconds(1));
        subscription.resume();
        awaitQuiet(engine);

        assertThat(figures(engine, "s").latencyTotalNanos()).isEqualTo(4_000_000_000L);
        assertThat(figures(engine, "s").latencyMaxNanos()).isEqualTo(3_000_000_000L);
    }

    @Test
    void attemptsUnderWayGoOn() {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
                    gate.pass();
                    handled.incrementAndGet();
                });
        engine.publish("t", 1);
        engine.publish("t", 2);
        gate.awaitArrivals(1);

        subscription.pause();
        gate.open();

        Soon.until(() -> figures(engine, "s").completed() == 1);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(handled).hasValue(1);
    }

    @Test
    void anAttemptThatStillConvertsItsPayloadWhenPauseReturnsDoesNotBegin() {
        PubSub engine = engines.started(builder -> builder.payloadCodec((payload, type) -> {
            gate.passStubbornly();
            return "converted";
        }));
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").payloadType(String.class).build(),
                (m, d) -> handled.addAndGet(d.attempt()));
        engine.publish("t", 42);
        gate.awaitArrivals(1);

        subscription.pause();
        gate.open();

        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(handled).hasValue(0);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(figures(engine, "s").cancelled()).isZero();
        assertBalanced(engine);
        subscription.resume();
        awaitQuiet(engine);
        assertThat(handled).as("no attempt was spent").hasValue(1);
    }

    @Test
    void noAttemptBeginsOncePauseHasReturnedAndNoneIsUnderWay() {
        PubSub engine = engines.started();
        AtomicBoolean paused = new AtomicBoolean();
        AtomicInteger trespasses = new AtomicInteger();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").concurrency(4).build(), (m, d) -> {
                    if (paused.get()) {
                        trespasses.incrementAndGet();
                    }
                    handled.incrementAndGet();
                });
        int rounds = 2_000 * Integer.getInteger("pubsub.test.scale", 1);
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 8; i++) {
                engine.publish("t", i);
            }
            subscription.pause();
            while (figures(engine, "s").active() > 0) {
                Thread.onSpinWait();
            }
            paused.set(true);
            int before = handled.get();
            Thread.yield();
            assertThat(handled.get()).isEqualTo(before);
            paused.set(false);
            subscription.resume();
        }
        awaitQuiet(engine);
        assertThat(trespasses).hasValue(0);
        assertThat(handled).hasValue(8 * rounds);
    }

    @Test
    void aSubscriptionMayPauseItselfFromItsHandler() {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
                    handled.incrementAndGet();
                    engine.subscription("s").orElseThrow().pause();
                });
        for (int i = 0; i < 3; i++) {
            engine.publish("t", i);
        }
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            Soon.until(() -> figures(engine, "s").completed() == expected);
            assertThat(handled).hasValue(expected);
            subscription.resume();
        }
    }

    @Test
    void withoutAutoStartupASubscriptionIsStoppedAndTakesNothingUntilResume() {
        PubSub engine = engines.started();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").autoStartup(false).build(), (m, d) -> handled.incrementAndGet());

        assertThat(subscription.state()).isEqualTo(State.STOPPED);
        assertThat(engine.publish("t", "missed").subscriptions()).isZero();
        assertThat(figures(engine, "s").accepted()).isZero();

        subscription.resume();
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        assertThat(engine.publish("t", "taken").subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aSubscriptionThatIsStoppedDoesNotKeepOthersFromTakingTheirCopies() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("off", "t").autoStartup(false).build(), (m, d) -> {});
        engine.subscribe(SubscriptionSpec.builder("on", "t").build(), (m, d) -> handled.incrementAndGet());

        assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aPauseOutlastsStopAndStart() {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.incrementAndGet());
        subscription.pause();
        engine.publish("t", "x");

        engine.stop(java.time.Duration.ZERO);
        engine.start();

        assertThat(subscription.state()).isEqualTo(State.PAUSED);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        subscription.resume();
        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
    }

    @Test
    void aClosedSubscriptionCannotBeResumedAndPausingItHasNoEffect() {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        subscription.close();

        subscription.pause();

        assertThat(subscription.state()).isEqualTo(State.STOPPED);
        assertThatThrownBy(subscription::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'s' is closed");
    }
}
