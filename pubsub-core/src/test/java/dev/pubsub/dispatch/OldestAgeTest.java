package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long the copy has been there that has been there longest, wherever it is. */
@Timeout(30)
class OldestAgeTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final PubSub engine =
            engines.started(builder -> builder.timeSource(time).scheduler(time));

    @Test
    void theOldestMayBeActiveOrParkedOrQueued() {
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").timeout(Duration.ofHours(2)).build(), (message, delivery) -> {
                    if (message.payload().equals("parks") && delivery.attempt() == 1) {
                        throw new RetryLaterException(Duration.ofHours(1));
                    }
                    gate.pass();
                });
        assertThat(oldest()).isZero();
        engine.publish("t", "parks");
        Soon.until(() -> figures(engine, "s").parked() == 1);
        time.advance(Duration.ofSeconds(10));
        engine.publish("t", "active");
        gate.awaitArrivals(1);
        engine.publish("t", "queued");
        time.advance(Duration.ofSeconds(5));
        assertThat(oldest()).as("parked").isEqualTo(15_000);

        Subscription subscription = engine.subscription("s").orElseThrow();
        subscription.pause();
        gate.open();
        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(oldest()).as("still parked").isEqualTo(15_000);
        time.advance(Duration.ofHours(1));
        subscription.resume();
        Engines.awaitQuiet(engine);
        assertThat(oldest()).as("nothing is left").isZero();
    }

    @Test
    void whileAnAbandonedHandlerBlocksItsKeyTheFirstThatFollowsIsTheOldest() {
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .timeout(Duration.ofSeconds(1))
                        .build(),
                (message, delivery) -> {
                    if (message.payload().equals("hangs")) {
                        gate.passStubbornly();
                    }
                });
        engine.publish("t", "k", "hangs");
        gate.awaitArrivals(1);
        time.advance(Duration.ofMillis(300));
        engine.publish("t", "k", "follows");
        time.advance(Duration.ofMillis(200));
        engine.publish("t", "k", "follows, too");
        assertThat(oldest()).as("of the one that hangs").isEqualTo(500);

        time.advance(Duration.ofSeconds(1));
        Soon.until(() -> figures(engine, "s").abandoned() == 1);
        assertThat(figures(engine, "s").queued()).isEqualTo(2);
        assertThat(oldest()).isEqualTo(1_200);

        gate.open();
        Engines.awaitQuiet(engine);
        assertThat(oldest()).isZero();
    }

    @Test
    void copiesThatFollowOthersAreNotLookedAtOneByOne() throws Exception { // it is done under the lock
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .queueCapacity(1_000)
                        .build(),
                (message, delivery) -> {});
        subscription.pause();
        for (int i = 0; i < 1_000; i++) {
            engine.publish("t", "key-" + i % 10, i);
        }
        assertThat(figures(engine, "s").queued()).isEqualTo(1_000);
        assertThat(lookedAt(subscription)).as("10 heads, and 10 that follow").isEqualTo(20);
    }

    private long oldest() {
        return figures(engine, "s").oldestAgeMillis();
    }

    private static int lookedAt(Subscription subscription) throws ReflectiveOperationException {
        SubscriptionRuntime runtime = KeyStateTest.runtimeOf(subscription);
        AtomicInteger looks = new AtomicInteger();
        runtime.lock.lock();
        try {
            runtime.backlog.forEachThatMayBeOldest(copy -> looks.incrementAndGet());
        } finally {
            runtime.lock.unlock();
        }
        return looks.get();
    }
}
