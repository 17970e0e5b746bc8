package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class QuarantineRaceTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aCopyThatAQuarantineTookPastABlockedKeyIsNotAttemptedAfterTheResume() {
        for (int round = 0; round < 20; round++) {
            PubSub engine = engines.started();
            Gatekeeper a = new Gatekeeper();
            Gatekeeper b = new Gatekeeper();
            AtomicBoolean bHangs = new AtomicBoolean();
            AtomicInteger overlaps = new AtomicInteger();
            Subscription subscription = engine.subscribe(
                    SubscriptionSpec.builder("s", "t")
                            .ordering(Ordering.KEY)
                            .concurrency(2)
                            .maxAbandoned(2)
                            .queueCapacity(5_000)
                            .timeout(Duration.ofMillis(30))
                            .build(),
                    (m, d) -> {
                        if (m.payload().equals("hangs")) {
                            bHangs.compareAndSet(false, m.key().equals("b"));
                            (m.key().equals("a") ? a : b).passStubbornly();
                            bHangs.compareAndSet(true, !m.key().equals("b"));
                        } else if (m.key().equals("b") && bHangs.get()) {
                            overlaps.incrementAndGet();
                        }
                    });
            engine.publish("t", "a", "hangs");
            engine.publish("t", "b", "hangs");
            for (int i = 0; i < 2_000; i++) {
                engine.publish("t", "b", i);
            }
            a.open();
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> figures(engine, "s").deadLettered() > 0);
            boolean resumed = false;
            for (int i = 0; i < 100_000 && !resumed; i++) {
                try {
                    subscription.resume();
                    resumed = true;
                } catch (IllegalStateException stillTooMany) {
                    Thread.onSpinWait();
                }
            }
            b.open();
            Soon.until(() -> figures(engine, "s").abandoned() == 0);
            subscription.resume();
            awaitQuiet(engine);
            assertThat(overlaps).hasValue(0);
            engine.close();
        }
    }
}
