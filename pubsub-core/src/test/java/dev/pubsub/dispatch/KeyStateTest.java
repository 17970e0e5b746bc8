package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.lang.reflect.Field;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** State of keys exists only while copies of them wait or run. */
@Timeout(60)
class KeyStateTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void nothingIsLeftOfManyKeysAfterTheDrain() throws Exception { // FAULTS 15
        PubSub engine = engines.started();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .queueCapacity(1_000)
                        .build(),
                (m, d) -> {
                    int number = (Integer) m.payload();
                    if (number % 7 == 0 && d.attempt() == 1) {
                        throw new RetryLaterException(Duration.ofMillis(1));
                    }
                    if (number % 11 == 0) {
                        throw new dev.pubsub.RejectMessageException("rejects");
                    }
                });
        int keys = 100_000 * Integer.getInteger("pubsub.test.scale", 1);
        for (int i = 0; i < keys; i++) {
            engine.publish("t", "key-" + i, i);
        }
        Engines.awaitQuiet(engine);
        assertThat(lanes(subscription)).isZero();
    }

    @Test
    void nothingIsLeftAfterTimeoutsCancellationsAndStops() throws Exception {
        PubSub engine = engines.started();
        Gatekeeper gate = new Gatekeeper();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .timeout(Duration.ofMillis(50))
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("hangs")) {
                        gate.passStubbornly();
                    }
                });
        for (int i = 0; i < 3; i++) {
            engine.publish("t", "k" + i, "hangs");
            engine.publish("t", "k" + i, "follows");
            engine.deliver(Message.builder("t", "cancelled").key("k" + i).build())
                    .cancel(true);
        }
        Soon.until(() -> Engines.figures(engine, "s").abandoned() == 3);
        assertThat(lanes(subscription)).isEqualTo(3);
        engine.stop(Duration.ZERO);
        engine.start();
        gate.open();
        Engines.awaitQuiet(engine);
        Soon.until(() -> Engines.figures(engine, "s").abandoned() == 0);
        assertThat(lanes(subscription)).isZero();
    }

    private static int lanes(Subscription subscription) throws ReflectiveOperationException {
        SubscriptionRuntime runtime = runtimeOf(subscription);
        runtime.lock.lock();
        try {
            return runtime.backlog.lanes();
        } finally {
            runtime.lock.unlock();
        }
    }

    static SubscriptionRuntime runtimeOf(Subscription subscription) throws ReflectiveOperationException {
        Field field = LiveSubscription.class.getDeclaredField("runtime");
        field.setAccessible(true);
        return (SubscriptionRuntime) field.get(subscription);
    }
}
