package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Cancelling a delivery discards its copy wherever it waits, also at the very moment at which it begins to wait. */
class CancelDeliveryRaceTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aCopyThatIsParkedAtTheMomentOfTheCancellationIsDiscarded() {
        PubSub engine = engines.started();
        AtomicInteger entered = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            entered.incrementAndGet();
            throw new RetryLaterException(Duration.ofHours(1));
        });
        int rounds = 10_000 * Integer.getInteger("pubsub.test.scale", 1);
        for (int round = 1; round <= rounds; round++) {
            CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", round));
            while (entered.get() < round) {
                Thread.onSpinWait();
            }
            for (int spin = 0; spin < round % 64; spin++) {
                Thread.onSpinWait();
            }
            assertThat(future.cancel(true)).isTrue();
        }
        awaitQuiet(engine);
        assertThat(figures(engine, "s").discarded()).isEqualTo(rounds);
    }

    @Test
    void cancelledFollowersLeaveTheirLaneInOrder() {
        PubSub engine = engines.started();
        AtomicInteger last = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY).build(), (m, d) -> {
                    assertThat((Integer) m.payload()).isGreaterThan(last.getAndSet((Integer) m.payload()));
                });
        int rounds = 5_000;
        for (int i = 1; i <= rounds; i++) {
            CompletableFuture<DeliveryReport> future =
                    engine.deliver(Message.builder("t", i).key("k").build());
            if (i % 3 == 0) {
                future.cancel(false);
            }
        }
        awaitQuiet(engine);
        assertThat(figures(engine, "s").failures()).isZero();
        assertThat(figures(engine, "s").accepted()).isEqualTo(rounds);
    }
}
