package dev.pubsub.deadletter;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies that found no place and became dead letters. */
class OverflowTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void anOverflowOfASequencedKeyHoldsBackWhatCameAfterItOnly() {
        ManualTime time = new ManualTime();
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        List<Object> handled = new CopyOnWriteArrayList<>();
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .queueCapacity(1)
                        .ordering(Ordering.KEY)
                        .sequenced(true)
                        .whenFull(WhenFull.DEAD_LETTER)
                        .build(),
                (m, d) -> handled.add(m.payload()));
        subscription.pause();
        for (int i = 1; i <= 3; i++) {
            engine.publish("t", "k", i); // two places: the third overflows
            time.advance(Duration.ofMillis(1));
        }

        subscription.resume();
        awaitQuiet(engine);
        engine.publish("t", "k", 4);
        awaitQuiet(engine);

        assertThat(handled).as("older than the overflow").containsExactly(1, 2);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .extracting(DeadLetter::reason)
                .containsExactly(DeadLetter.Reason.OVERFLOW, DeadLetter.Reason.SEQUENCED);
    }

    @Test
    void aSlowStoreIsNoDriftOfTheLedger() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch stored = new CountDownLatch(1);
        MemoryDeadLetterStore slow = new MemoryDeadLetterStore(10, Duration.ofDays(1)) {
            @Override
            public void put(DeadLetter letter) {
                storing.countDown();
                try {
                    stored.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.put(letter);
            }
        };
        PubSub engine = engines.started(builder -> builder.deadLetterStore(slow));
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .queueCapacity(1)
                        .whenFull(WhenFull.DEAD_LETTER)
                        .build(),
                (m, d) -> {});
        subscription.pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
        Thread publisher = new Thread(() -> engine.publish("t", 3));
        publisher.start();
        storing.await();

        // the snapshot asks the store for its size, and waits for it: read the figures beside it
        var figures =
                ((dev.pubsub.dispatch.LiveSubscription) subscription).reader().figures();
        assertThat(figures.drift()).isZero();

        stored.countDown();
        publisher.join();
        subscription.resume();
        awaitQuiet(engine);
        assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
    }
}
