package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which queued copies could be attempted now, and which wait for something else than a free worker. */
class ReadyFiguresTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void copiesThatWaitForAWorkerAreReady() throws Exception {
        HeldHandler handler = new HeldHandler();
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        engine.publish("t", 1);
        handler.awaitBegun(1);
        engine.publish("t", 2);
        engine.publish("t", 3);

        assertThat(figures(engine, "s").queued()).isEqualTo(2);
        assertThat(figures(engine, "s").ready()).isEqualTo(2);

        handler.letAllGo();
        awaitQuiet(engine);
        assertThat(figures(engine, "s").ready()).isZero();
    }

    @Test
    void noneIsReadyWhileTheSubscriptionIsPausedOrTheEngineStopped() {
        PubSub engine = engines.unstarted(builder -> builder);
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (message, delivery) -> {});
        engine.publish("t", 1);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(figures(engine, "s").ready()).as("not started").isZero();

        subscription.pause();
        engine.start();
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(figures(engine, "s").ready()).as("paused").isZero();

        subscription.resume();
        awaitQuiet(engine);
    }

    @Test
    void aCopyBehindAParkedOneOfItsKeyIsQueuedAndNotReady() {
        ManualTime time = new ManualTime();
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY).build(), (message, delivery) -> {
                    if (delivery.attempt() == 1) {
                        throw new RetryLaterException(Duration.ofHours(1));
                    }
                });
        engine.publish(Message.of("t", "key", 1));
        Soon.until(() -> figures(engine, "s").parked() == 1);
        engine.publish(Message.of("t", "key", 2));

        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        assertThat(figures(engine, "s").ready()).isZero();

        time.advance(Duration.ofHours(1));
        Soon.until(
                () -> figures(engine, "s").parked() == 1 && figures(engine, "s").completed() == 1);
        time.advance(Duration.ofHours(1));
        awaitQuiet(engine);
    }
}
