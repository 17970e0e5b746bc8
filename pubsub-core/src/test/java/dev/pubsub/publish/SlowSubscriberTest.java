package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSub;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

// FAULTS 8
class SlowSubscriberTest {

    private static final int PLACES = 101;

    @RegisterExtension
    final Engines engines = new Engines();

    private final HeldHandler hanging = new HeldHandler();
    private final Semaphore handledByFast = new Semaphore(0);

    private PubSub engine(Overflow overflow, WhenFull whenFull) {
        PubSub engine = engines.started(builder -> builder.overflow(overflow).publishTimeout(Duration.ofMillis(20)));
        engine.subscribe(
                SubscriptionSpec.builder("slow", "t")
                        .queueCapacity(PLACES - 1)
                        .whenFull(whenFull)
                        .build(),
                hanging);
        engine.subscribe(SubscriptionSpec.builder("fast", "t", "own").build(), (m, d) -> handledByFast.release());
        return engine;
    }

    /** The next is not published before this one was handled: so none of them waited for the slow one. */
    private void publishAndAwaitTheFastOne(PubSub engine, String topic) throws InterruptedException {
        engine.publish(topic, "x");
        assertThat(handledByFast.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSlowSubscriberDoesNotBlockItsSiblingsUntilItsQueueIsFull() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, WhenFull.REFUSE);
        for (int i = 0; i < PLACES; i++) {
            publishAndAwaitTheFastOne(engine, "t");
        }
        assertThat(figures(engine, "slow").queued() + figures(engine, "slow").active())
                .isEqualTo(PLACES);

        assertThatThrownBy(() -> engine.publish("t", "x")).isInstanceOf(PublishTimeoutException.class);

        publishAndAwaitTheFastOne(engine, "own");
        assertThat(figures(engine, "fast").accepted()).isEqualTo(PLACES + 1);
        hanging.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void withOverflowFailAPublishIsRefusedNamingTheSlowSubscriber() throws Exception {
        PubSub engine = engine(Overflow.FAIL, WhenFull.REFUSE);
        for (int i = 0; i < PLACES; i++) {
            publishAndAwaitTheFastOne(engine, "t");
        }

        assertThatThrownBy(() -> engine.publish("t", "x"))
                .isInstanceOfSatisfying(QueueFullException.class, full -> assertThat(full.subscriptionId())
                        .isEqualTo("slow"));

        publishAndAwaitTheFastOne(engine, "own");
        hanging.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aSlowSubscriberThatShedsNeverBlocksItsSiblings() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, WhenFull.DISCARD);
        for (int i = 0; i < 3 * PLACES; i++) {
            publishAndAwaitTheFastOne(engine, "t");
        }

        assertThat(figures(engine, "slow").discarded()).isEqualTo(2 * PLACES);
        hanging.letAllGo();
        awaitQuiet(engine);
    }
}
