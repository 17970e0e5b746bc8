package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BatchReceipt;
import dev.pubsub.BreakerPolicy;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PublishReceipt;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of one key are handled in their order, one at a time, however many keys there are. */
abstract class OrderingContract extends Contract {

    OrderingContract(TransportContract suite) {
        super(suite);
    }

    @BeforeEach
    void requiresOrder() {
        requires(Capability.KEY_ORDERED);
    }

    private SubscriptionSpec.Builder<Object> ordered(String topic) {
        return subscription(topic).ordering(Ordering.KEY).concurrency(8);
    }

    @Test
    void shouldKeepTheOrderOfEachOfManyKeys() throws Exception {
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal();
        node.subscribe(ordered(topic), journal);
        KeyedTraffic traffic = new KeyedTraffic(50, 40);

        traffic.publish(node.engine(), topic, fixture().patience());

        eventually("all of them", () -> journal.size() >= traffic.size());
        assertThat(journal.completed()).isEqualTo(traffic.expected());
        journal.assertOneAtATime();
    }

    @Test
    void shouldKeepTheOrderOfEachKeyOfWhatHasGatheredWhilePaused() throws Exception {
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal();
        var subscription = node.subscribe(ordered(topic), journal);
        KeyedTraffic traffic = new KeyedTraffic(20, 20);
        subscription.pause();

        traffic.publish(node.engine(), topic, fixture().patience());
        subscription.resume();

        eventually("all of them", () -> journal.size() >= traffic.size());
        assertThat(journal.completed()).isEqualTo(traffic.expected());
        journal.assertOneAtATime();
    }

    @Test
    void shouldKeepTheOrderOfEachKeyThroughRetries() throws Exception {
        Seed seed = Seed.draw("shouldKeepTheOrderOfEachKeyThroughRetries");
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal((message, delivery) -> {
            if (!delivery.isLastAttempt() && seed.picks(message.id() + delivery.attempt(), 0.3)) {
                throw new IllegalStateException("fails by the seed");
            }
        });
        node.subscribe(ordered(topic).retry(Retries.atOnce(4)).circuitBreaker(BreakerPolicy.disabled()), journal);
        KeyedTraffic traffic = new KeyedTraffic(50, 20);

        traffic.publish(node.engine(), topic, fixture().patience());

        eventually("all of them", () -> journal.size() >= traffic.size());
        assertThat(journal.completed()).as("%s", seed).isEqualTo(traffic.expected());
        journal.assertOneAtATime();
    }

    @Test
    void shouldHoldBackOnlyTheKeyThatWaitsForItsRetry() throws Exception {
        Node node = node();
        String topic = topic();
        String waiting = KeyedTraffic.key(0);
        AtomicBoolean mayGo = new AtomicBoolean();
        KeyedJournal journal = new KeyedJournal((message, delivery) -> {
            if (waiting.equals(message.key()) && !mayGo.get()) {
                throw new RetryLaterException(Duration.ofMillis(5));
            }
        });
        node.subscribe(ordered(topic).circuitBreaker(BreakerPolicy.disabled()), journal);
        KeyedTraffic traffic = new KeyedTraffic(20, 10);

        traffic.publish(node.engine(), topic, fixture().patience());

        int others = traffic.size() - traffic.perKey();
        eventually("the other keys", () -> journal.size() >= others);
        assertThat(journal.completed()).doesNotContainKey(waiting).hasSize(traffic.keys() - 1);
        mayGo.set(true);
        eventually("the key that waited", () -> journal.size() >= traffic.size());
        assertThat(journal.completed()).isEqualTo(traffic.expected());
        journal.assertOneAtATime();
    }

    @Test
    void shouldGoOnWithAKeyBehindItsDeadLetter() throws Exception {
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal((message, delivery) -> {
            if ("1".equals(message.payload())) {
                throw new IllegalStateException("always");
            }
        });
        node.subscribe(ordered(topic).retry(RetryPolicy.disabled()).circuitBreaker(BreakerPolicy.disabled()), journal);
        KeyedTraffic traffic = new KeyedTraffic(5, 4);

        traffic.publish(node.engine(), topic, fixture().patience());

        eventually("all but the dead letters", () -> journal.size() >= traffic.size() - traffic.keys());
        assertThat(journal.completed().values()).hasSize(5).allMatch(List.of("0", "2", "3")::equals);
        eventually(() -> assertThat(node.engine().deadLetters().size()).isEqualTo(traffic.keys()));
    }

    @Test
    void shouldKeepTheOrderInWhichPublishAsyncWasCalled() throws Exception {
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal();
        node.subscribe(ordered(topic), journal);
        List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            receipts.add(node.engine().publishAsync(Message.of(topic, "k", Integer.toString(i))));
        }

        for (CompletableFuture<PublishReceipt> receipt : receipts) {
            receipt.get(fixture().patience().toNanos(), TimeUnit.NANOSECONDS);
        }
        eventually("all of them", () -> journal.size() >= receipts.size());
        assertThat(journal.completed().get("k")).isEqualTo(numbers(receipts.size()));
    }

    @Test
    void shouldKeepTheOrderOfABatch() {
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal();
        node.subscribe(ordered(topic), journal);

        BatchReceipt receipt = node.engine()
                .publishAll(numbers(300).stream()
                        .map(number -> Message.of(topic, "k", number))
                        .toList());

        assertThat(receipt.accepted()).isEqualTo(300);
        eventually("all of them", () -> journal.size() >= 300);
        assertThat(journal.completed().get("k")).isEqualTo(numbers(300));
    }

    @Test
    void shouldHandleOneTopicsMessagesOneAtATime() throws Exception {
        requires(Capability.TOPIC_ORDERED);
        Node node = node();
        String topic = topic();
        KeyedJournal journal = new KeyedJournal();
        node.subscribe(
                subscription(topic).ordering(Ordering.TOPIC).concurrency(8),
                (message, delivery) -> journal.handle(Message.of(topic, "all", message.payload()), delivery));

        for (String number : numbers(100)) {
            node.engine().publish(topic, "key-" + number, number);
        }

        eventually("all of them", () -> journal.size() >= 100);
        assertThat(journal.completed().get("all")).isEqualTo(numbers(100));
        journal.assertOneAtATime();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
