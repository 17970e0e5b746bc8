package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BatchReceipt;
import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code publishAll}: one slot and one timeout for all; each message is accepted or refused on its own. */
class PublishAllTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void eachMessageIsAcceptedOrRefusedOnItsOwnAndTheReceiptNamesIndexAndError() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        Message<Integer> first = Message.of("t", 0);
        Message<Integer> invalid = Message.of("not a topic", 1);
        Message<Integer> last = Message.of("t", 3);

        BatchReceipt receipt = engine.publishAll(Arrays.asList(first, invalid, null, last));

        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(receipt.rejected()).isEqualTo(2);
        assertThat(receipt.items()).extracting(BatchReceipt.Item::index).containsExactly(0, 1, 2, 3);
        assertThat(receipt.items())
                .extracting(BatchReceipt.Item::messageId)
                .containsExactly(first.id(), invalid.id(), null, last.id());
        assertThat(receipt.items().get(0).error()).isNull();
        assertThat(receipt.items().get(1).error()).isInstanceOf(InvalidMessageException.class);
        assertThat(receipt.items().get(2).error())
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("index 2");
        assertThat(receipt.items().get(3).error()).isNull();
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(2);
        assertThat(engine.snapshot().publisher().accepted()).isEqualTo(2);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(2);
    }

    @Test
    void aFullSubscriptionRefusesItsMessagesAndNotTheOthers() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.subscribe(SubscriptionSpec.builder("other", "other").build(), (m, d) -> {});

        BatchReceipt receipt = engine.publishAll(
                List.of(Message.of("t", 0), Message.of("t", 1), Message.of("t", 2), Message.of("other", 3)));

        assertThat(receipt.items().get(2).error()).isInstanceOf(QueueFullException.class);
        assertThat(receipt.rejected()).isEqualTo(1);
        assertThat(receipt.items().get(3).error()).isNull();
    }

    @Test
    void theWholeBatchTakesOneSlot() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).maxConcurrentPublishes(1));
        int[] seen = new int[1];
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .condition(message -> {
                            seen[0] = engine.snapshot().publisher().inFlight();
                            return false;
                        })
                        .build(),
                (m, d) -> {});

        BatchReceipt receipt = Caller.of(() -> engine.publishAll(
                        IntStream.range(0, 10).mapToObj(i -> Message.of("t", i)).toList()))
                .result();

        assertThat(receipt.accepted()).isEqualTo(10);
        assertThat(seen[0]).isEqualTo(1);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
    }

    @Test
    void theWholeBatchHasOneTimeout() throws Exception {
        Duration timeout = Duration.ofMillis(200);
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(timeout));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();

        long begin = System.nanoTime();
        BatchReceipt receipt = engine.publishAll(
                IntStream.range(0, 52).mapToObj(i -> Message.of("t", i)).toList());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);

        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(receipt.items().subList(2, 52))
                .allSatisfy(item -> assertThat(item.error()).isExactlyInstanceOf(PublishTimeoutException.class));
        assertThat(took).isBetween(timeout, Duration.ofSeconds(5)); // each on its own: 10 s
    }

    @Test
    void aMessageWithRoomIsAcceptedAfterTheTimeHasRunOutForAnother() {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(Duration.ofMillis(20)));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();

        BatchReceipt receipt = engine.publishAll(
                List.of(Message.of("t", 0), Message.of("t", 1), Message.of("t", 2), Message.of("other", 3)));

        assertThat(receipt.rejected()).isEqualTo(1);
        assertThat(receipt.items().get(3).error()).isNull();
    }

    @Test
    void aBatchLargerThanTheLimitIsRefusedWholeAndNotEvenRead() {
        PubSub engine = engines.started(builder -> builder.maxBatchSize(3));
        List<Message<?>> huge = new AbstractList<>() {
            @Override
            public Message<?> get(int index) {
                throw new AssertionError("read");
            }

            @Override
            public Object[] toArray() {
                throw new AssertionError("copied");
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };

        assertThatThrownBy(() -> engine.publishAll(Collections.nCopies(4, Message.of("t", 1))))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContainingAll("4", "3", "pubsub.publisher.max-batch-size");
        assertThatThrownBy(() -> engine.publishAll(huge)).isInstanceOf(InvalidMessageException.class);
        assertThat(engine.publishAll(Collections.nCopies(3, Message.of("t", 1))).accepted())
                .isEqualTo(3);
    }

    @Test
    void anEmptyBatchIsAccepted() {
        assertThat(engines.started().publishAll(List.of()).items()).isEmpty();
    }

    @Test
    void whereNoMessageWasLookedAtTheCallThrows() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).maxConcurrentPublishes(1));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .condition(message -> {
                            assertThatThrownBy(() -> engine.publishAll(List.of(Message.of("u", 1))))
                                    .isInstanceOf(ConcurrencyLimitException.class);
                            return false;
                        })
                        .build(),
                (m, d) -> {});
        engine.publish("t", "its condition publishes while it holds the only slot");
        assertThat(figures(engine, "s").filtered()).isEqualTo(1);

        assertThatThrownBy(() -> engine.publishAll(null)).isInstanceOf(InvalidMessageException.class);
        engine.stop(Duration.ZERO);
        assertThatThrownBy(() -> engine.publishAll(List.of(Message.of("t", 1))))
                .isInstanceOf(PubSubClosedException.class);
    }

    @Test
    void copiesOfOneKeyKeepTheOrderOfTheBatch() {
        PubSub engine = engines.started();
        List<Object> seen = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .build(),
                (m, d) -> seen.add(m.payload()));

        for (int batch = 0; batch < 10; batch++) {
            int from = batch * 50;
            engine.publishAll(IntStream.range(from, from + 50)
                    .mapToObj(i -> Message.of("t", "k", i))
                    .toList());
        }

        awaitQuiet(engine);
        assertThat(seen)
                .containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
    }
}
