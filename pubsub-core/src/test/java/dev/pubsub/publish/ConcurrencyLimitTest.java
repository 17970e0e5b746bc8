package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code publisher.max-concurrent}: how many publish calls are in progress at once. */
class ConcurrencyLimitTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(1);

    /** Takes one slot until {@link #release}: a condition is asked on the publisher's thread, within its slot. */
    private Caller<PublishReceipt> holdASlot(PubSub engine) throws InterruptedException {
        engine.subscribe(
                SubscriptionSpec.builder("slow-condition", "slow")
                        .condition(message -> {
                            held.countDown();
                            return awaitRelease();
                        })
                        .build(),
                (m, d) -> {});
        Caller<PublishReceipt> holder = Caller.of(() -> engine.publish("slow", "holds the slot"));
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
        return holder;
    }

    private boolean awaitRelease() {
        try {
            return release.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPublishWithoutASlotWaitsAndGoesOnWhenOneIsFree() throws Exception {
        PubSub engine = engines.started(builder ->
                builder.maxConcurrentPublishes(1).publishTimeout(A_DAY).overflow(Overflow.BLOCK));
        holdASlot(engine);

        Caller<PublishReceipt> waiting =
                Caller.of(() -> engine.publish("t", "x")).awaitWaiting();
        assertThat(waiting.isDone()).isFalse();
        release.countDown();

        assertThat(waiting.result().subscriptions()).isZero();
    }

    @Test
    void aPublishThatFindsNoSlotWithinTheTimeoutIsATimeout() throws Exception {
        PubSub engine = engines.started(builder -> builder.maxConcurrentPublishes(1)
                .publishTimeout(Duration.ofMillis(60))
                .overflow(Overflow.BLOCK));
        holdASlot(engine);

        long begin = System.nanoTime();
        assertThatThrownBy(() -> engine.publish("t", "x"))
                .isExactlyInstanceOf(PublishTimeoutException.class)
                .hasMessageContainingAll("60 ms", "pubsub.publisher.max-concurrent", "pubsub.publisher.timeout");

        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(60));
        release.countDown();
    }

    @Test
    void withOverflowFailAPublishWithoutASlotIsRefusedAtOnce() throws Exception {
        PubSub engine = engines.started(builder ->
                builder.maxConcurrentPublishes(1).publishTimeout(A_DAY).overflow(Overflow.FAIL));
        holdASlot(engine);

        Throwable failure = Caller.of(() -> engine.publish("t", "x")).failure();

        assertThat(failure)
                .isExactlyInstanceOf(ConcurrencyLimitException.class)
                .hasMessageContaining("pubsub.publisher.max-concurrent");
        release.countDown();
    }

    @Test
    void blockAndFailAreNeverConfused() throws Exception {
        Set<Class<?>> whenBlocking = refusalsUnderContention(Overflow.BLOCK, A_DAY);
        Set<Class<?>> whenBlockingBriefly = refusalsUnderContention(Overflow.BLOCK, Duration.ofNanos(1));
        Set<Class<?>> whenFailing = refusalsUnderContention(Overflow.FAIL, A_DAY);

        assertThat(whenBlocking).isEmpty();
        assertThat(whenBlockingBriefly).isSubsetOf(PublishTimeoutException.class);
        assertThat(whenFailing).isSubsetOf(ConcurrencyLimitException.class);
    }

    private Set<Class<?>> refusalsUnderContention(Overflow overflow, Duration timeout) throws Exception {
        PubSub engine = engines.started(builder ->
                builder.maxConcurrentPublishes(2).publishTimeout(timeout).overflow(overflow));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").queueCapacity(100_000).build(), (m, d) -> {});
        Set<Class<?>> refusals = ConcurrentHashMap.newKeySet();
        List<Caller<?>> callers = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            callers.add(Caller.of(() -> {
                for (int i = 0; i < 2_000; i++) {
                    try {
                        engine.publish("t", i);
                    } catch (PubSubException refusal) {
                        refusals.add(refusal.getClass());
                    }
                }
                return null;
            }));
        }
        for (Caller<?> caller : callers) {
            caller.result();
        }
        awaitQuiet(engine);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
        return refusals;
    }

    @Test
    void theWaitForASlotAndTheWaitForRoomShareOneTimeout() throws Exception {
        ManualTime time = new ManualTime();
        PubSub engine = engines.started(builder -> builder.maxConcurrentPublishes(1)
                .publishTimeout(Duration.ofMinutes(10))
                .timeSource(time)
                .scheduler(time));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
        holdASlot(engine);

        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();
        time.advance(Duration.ofMinutes(10).minusMillis(1)); // all but the last millisecond goes to the slot
        release.countDown();

        assertThat(waiting.failure())
                .isExactlyInstanceOf(PublishTimeoutException.class)
                .hasMessageContaining("'full'");
    }

    @Test
    void aSlotIsGivenBackHoweverThePublishEnds() throws Exception {
        PubSub engine = engines.started(builder -> builder.maxConcurrentPublishes(1)
                .publishTimeout(Duration.ofMillis(1))
                .overflow(Overflow.FAIL));
        engine.subscribe(
                        SubscriptionSpec.builder("full", "full")
                                .queueCapacity(1)
                                .build(),
                        (m, d) -> {})
                .pause();
        engine.subscribe(
                SubscriptionSpec.builder("broken-condition", "broken")
                        .condition(message -> {
                            throw new StackOverflowError();
                        })
                        .build(),
                (m, d) -> {});
        engine.publish("full", 1);
        engine.publish("full", 2);

        assertThatThrownBy(() -> engine.publish("full", 3)).isInstanceOf(QueueFullException.class);
        assertThatThrownBy(() -> engine.publish("not a topic", 3)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> engine.publish(Message.builder("t", 1).key("").build()))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(engine.publish("broken", 4).subscriptions()).isEqualTo(1);
        assertThat(engine.publishAll(List.of(Message.of("full", 5))).rejected()).isEqualTo(1);
        assertThat(engine.deliver(Message.of("full", 6))).isCompletedExceptionally();

        assertThat(engine.snapshot().publisher().inFlight()).isZero();
        assertThat(engine.publish("t", 7).subscriptions()).isZero();
    }

    @Test
    void thePublisherFiguresCountCallsInProgressAcceptedAndRefused() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.maxConcurrentPublishes(1).overflow(Overflow.FAIL));
        Caller<PublishReceipt> holder = holdASlot(engine);
        assertThatThrownBy(() -> engine.publish("t", "x")).isInstanceOf(ConcurrencyLimitException.class);

        assertThat(engine.snapshot().publisher().inFlight()).isEqualTo(1);
        assertThat(engine.snapshot().publisher().limit()).isEqualTo(1);
        release.countDown();
        holder.result();
        engine.publish("t", "unrouted");

        assertThat(engine.snapshot().publisher().inFlight()).isZero();
        assertThat(engine.snapshot().publisher().accepted()).isEqualTo(2);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(1);
        assertThat(engine.snapshot().publisher().unrouted()).isEqualTo(1);
    }

    @Test
    void aCallThatWaitsForASlotWhileTheEngineStopsIsRefused() throws Exception {
        PubSub engine = engines.started(builder ->
                builder.maxConcurrentPublishes(1).publishTimeout(A_DAY).overflow(Overflow.BLOCK));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        holdASlot(engine);
        Caller<PublishReceipt> waiting =
                Caller.of(() -> engine.publish("t", "x")).awaitWaiting();
        Caller<?> batch = Caller.of(() -> engine.publishAll(List.of(Message.of("t", "y"))))
                .awaitWaiting();

        engine.stop(Duration.ZERO);
        release.countDown();

        assertThat(waiting.failure()).isInstanceOf(PubSubClosedException.class);
        assertThat(batch.failure()).isInstanceOf(PubSubClosedException.class);
        assertThat(Engines.figures(engine, "s").accepted()).isZero();
    }
}
