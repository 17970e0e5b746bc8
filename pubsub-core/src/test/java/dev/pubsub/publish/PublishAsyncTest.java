package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code publishAsync} neither blocks nor throws, whatever the overflow setting says. */
class PublishAsyncTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @RegisterExtension
    final Engines engines = new Engines();

    private PubSub blocking(int slots) {
        return engines.started(builder ->
                builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY).maxConcurrentPublishes(slots));
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Throwable refusal(CompletableFuture<?> future) throws Exception {
        return Caller.of(() -> {
                    try {
                        throw new AssertionError("accepted: " + future.get());
                    } catch (ExecutionException refused) {
                        return refused.getCause();
                    }
                })
                .result();
    }

    @Test
    void theReceiptIsThatOfAPublish() throws Exception {
        PubSub engine = blocking(1);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        Message<String> message = Message.of("t", "x");

        PublishReceipt receipt = engine.publishAsync(message).get();

        assertThat(receipt.messageId()).isEqualTo(message.id());
        assertThat(receipt.subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
    }

    @Test
    void withoutAFreeSlotItFailsAtOnce() throws Exception {
        PubSub engine = blocking(1);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder("slow-condition", "slow")
                        .condition(message -> {
                            held.countDown();
                            return awaited(release);
                        })
                        .build(),
                (m, d) -> {});
        Caller.of(() -> engine.publish("slow", "holds the slot"));
        held.await();

        Throwable refusal = Caller.of(() -> refusal(engine.publishAsync(Message.of("t", "x"))))
                .result();

        assertThat(refusal).isExactlyInstanceOf(ConcurrencyLimitException.class);
        release.countDown();
        awaitQuiet(engine);
    }

    @Test
    void withoutRoomItFailsAtOnce() throws Exception {
        PubSub engine = blocking(8);
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);

        Throwable refusal = Caller.of(() -> refusal(engine.publishAsync(Message.of("t", "x"))))
                .result();

        assertThat(refusal).isInstanceOfSatisfying(QueueFullException.class, full -> assertThat(full.subscriptionId())
                .isEqualTo("full"));
    }

    @Test
    void everyRefusalFailsTheFutureAndIsNotThrown() throws Exception {
        PubSub engine = blocking(8);

        assertThat(refusal(engine.publishAsync(null))).isInstanceOf(InvalidMessageException.class);
        assertThat(refusal(engine.publishAsync(Message.of("not a topic", 1))))
                .isInstanceOf(InvalidMessageException.class);
        engine.stop(Duration.ZERO);
        assertThat(refusal(engine.publishAsync(Message.of("t", 1)))).isInstanceOf(PubSubClosedException.class);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(3);
    }

    @Test
    void whatACommitHookThrowsFailsTheFuture() throws Exception {
        PubSub engine = engines.started(builder -> builder.commitHook((admit, drop) -> {
            throw new IllegalStateException("no transaction manager");
        }));

        assertThat(refusal(engine.publishAsync(Message.of("t", 1))))
                .hasRootCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(refusal(engine.deliver(Message.of("t", 1))))
                .hasRootCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(engine.publishAll(List.of(Message.of("t", 1))).rejected()).isEqualTo(1);
        assertThatThrownBy(() -> engine.publish("t", 1)).hasRootCauseExactlyInstanceOf(IllegalStateException.class);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(4);
    }

    @Test
    void copiesOfOneKeyKeepTheOrderOfTheCalls() {
        PubSub engine = blocking(8);
        List<Object> seen = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .queueCapacity(2_000)
                        .build(),
                (m, d) -> seen.add(m.payload()));

        for (int i = 0; i < 1_000; i++) {
            engine.publishAsync(Message.of("t", "k", i));
        }

        awaitQuiet(engine);
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    }
}
