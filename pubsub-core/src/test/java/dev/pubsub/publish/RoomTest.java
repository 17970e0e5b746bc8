package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PublishReceipt;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Places and the wait for them. */
class RoomTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final HeldHandler handler = new HeldHandler();

    private static SubscriptionSpec<Object> spec(String id, int queueCapacity, int concurrency) {
        return SubscriptionSpec.builder(id, "t")
                .queueCapacity(queueCapacity)
                .concurrency(concurrency)
                .build();
    }

    @Test
    void aSubscriptionHasQueueCapacityPlusConcurrencyPlaces() throws Exception {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        engine.subscribe(spec("s", 3, 2), handler);

        for (int i = 0; i < 5; i++) {
            engine.publish("t", i);
        }
        handler.awaitBegun(2);

        assertThatThrownBy(() -> engine.publish("t", "one too many")).isInstanceOf(QueueFullException.class);
        assertThat(figures(engine, "s").active()).isEqualTo(2);
        assertThat(figures(engine, "s").queued()).isEqualTo(3);
        handler.letAllGo();
        awaitQuiet(engine);
        assertThat(handler.payloads()).hasSize(5);
    }

    @Test
    void withOverflowFailAFullSubscriptionIsNamedAtOnce() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).publishTimeout(A_DAY));
        engine.subscribe(spec("roomy", 100, 1), handler);
        engine.subscribe(spec("narrow", 1, 1), handler);
        engine.publish("t", 1);
        engine.publish("t", 2);

        Throwable failure = Caller.of(() -> engine.publish("t", 3)).failure();

        assertThat(failure)
                .isExactlyInstanceOf(QueueFullException.class)
                .hasMessageContainingAll("'narrow'", "2 places", "queue-capacity + concurrency");
        assertThat(((QueueFullException) failure).subscriptionId()).isEqualTo("narrow");
        handler.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aPublishWithoutRoomWaitsAndGoesOnWhenACopyIsSettled() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        engine.subscribe(spec("s", 1, 1), handler);
        engine.publish("t", 1);
        engine.publish("t", 2);

        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();
        assertThat(figures(engine, "s").accepted()).isEqualTo(2);
        handler.letAllGo();

        assertThat(waiting.result().subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(handler.payloads()).containsExactly(1, 2, 3);
    }

    @Test
    void waitingForRoomInVainIsATimeoutAndNotAFullQueue() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(Duration.ofMillis(60)));
        engine.subscribe(spec("s", 1, 1), handler);
        engine.publish("t", 1);
        engine.publish("t", 2);

        long begin = System.nanoTime();
        assertThatThrownBy(() -> engine.publish("t", 3))
                .isExactlyInstanceOf(PublishTimeoutException.class)
                .hasMessageContainingAll("60 ms", "'s'", "2 places");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
        handler.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aPublishThatWaitsForRoomHoldsNoPlaceElsewhere() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        engine.subscribe(spec("full", 1, 1), handler);
        engine.subscribe(
                        SubscriptionSpec.builder("one-place-left", "t", "other")
                                .queueCapacity(2)
                                .build(),
                        (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);

        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();

        assertThat(engine.publish("other", "takes the last place").subscriptions())
                .isEqualTo(1);
        handler.letAllGo();
        engine.subscription("one-place-left").orElseThrow().resume();
        assertThat(waiting.result().subscriptions()).isEqualTo(2);
        awaitQuiet(engine);
    }

    @Test
    void aParkedCopyKeepsItsPlace() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        engine.subscribe(spec("s", 1, 1), (m, d) -> {
            throw new RetryLaterException(Duration.ofDays(1));
        });
        engine.publish("t", 1);
        engine.publish("t", 2);
        Soon.until(() -> figures(engine, "s").parked() == 2);

        assertThatThrownBy(() -> engine.publish("t", 3)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void aCopyThatTimedOutGivesItsPlaceBackThoughItsHandlerRunsOn() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .queueCapacity(1)
                        .timeout(Duration.ofMillis(50))
                        .build(),
                (m, d) -> awaitUninterruptibly(m));
        engine.publish("t", "hang");
        engine.publish("t", "good");

        assertThat(Caller.of(() -> engine.publish("t", "good")).result().subscriptions())
                .isEqualTo(1);

        Soon.until(() -> figures(engine, "s").completed() == 2);
        assertThat(figures(engine, "s").abandoned()).isEqualTo(1);
        handler.letAllGo();
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
    }

    private void awaitUninterruptibly(Message<Object> message) {
        boolean waits = message.payload().equals("hang");
        while (waits) {
            try {
                handler.handle(message, null);
                waits = false;
            } catch (Exception interrupted) {
                waits = true;
            }
        }
    }

    @Test
    void aPausedSubscriptionTakesCopiesAndAStoppedOneTakesNone() {
        PubSub engine = engines.started();
        Subscription paused = engine.subscribe(spec("paused", 10, 1), handler);
        paused.pause();
        Subscription stopped = engine.subscribe(
                SubscriptionSpec.builder("stopped", "t").autoStartup(false).build(), handler);
        handler.letAllGo();

        assertThat(engine.publish("t", "before").subscriptions()).isEqualTo(1);
        assertThat(stopped.state()).isEqualTo(Subscription.State.STOPPED);
        assertThat(figures(engine, "stopped").accepted()).isZero();

        paused.resume();
        stopped.resume();
        assertThat(engine.publish("t", "after").subscriptions()).isEqualTo(2);
        awaitQuiet(engine);
        assertThat(handler.payloads()).containsExactlyInAnyOrder("before", "after", "after");
    }

    @Test
    void closingTheFullSubscriptionLetsThoseGoOnThatWaitForItsRoom() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        Subscription full = engine.subscribe(spec("full", 1, 1), (m, d) -> {});
        full.pause();
        engine.subscribe(spec("other", 100, 1), (m, d) -> {});
        engine.publish("t", 1);
        engine.publish("t", 2);
        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();

        full.close();

        assertThat(waiting.result().subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(figures(engine, "other").completed()).isEqualTo(3);
    }

    @Test
    void roomThatAWaiterCannotUseIsForTheNextOneThatWaits() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        Semaphore turns = new Semaphore(0);
        Subscription other = engine.subscribe(
                SubscriptionSpec.builder("other", "both", "other-only")
                        .queueCapacity(1)
                        .build(),
                (m, d) -> {});
        other.pause();
        engine.subscribe(
                SubscriptionSpec.builder("narrow", "both", "narrow-only")
                        .queueCapacity(1)
                        .build(),
                (m, d) -> turns.acquire());
        engine.publish("other-only", 1);
        engine.publish("narrow-only", 2);
        engine.publish("narrow-only", 3);
        Caller<PublishReceipt> first =
                Caller.of(() -> engine.publish("both", 4)).awaitWaiting();
        Caller<PublishReceipt> second =
                Caller.of(() -> engine.publish("narrow-only", 5)).awaitWaiting();
        engine.publish("other-only", 6); // now the first one lacks room there, too

        turns.release(); // one place, and the first one is woken for it

        assertThat(second.result().subscriptions()).isEqualTo(1);
        assertThat(first.isDone()).isFalse();
        other.resume();
        turns.release(10);
        assertThat(first.result().subscriptions()).isEqualTo(2);
        awaitQuiet(engine);
    }
}
