package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.Subscription;
import dev.pubsub.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a publish promises: an answer, whatever happens, and that it is true. */
abstract class PublishingContract extends Contract {

    PublishingContract(TransportContract suite) {
        super(suite);
    }

    private <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(fixture().patience().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Test
    void shouldAnswerWithTheIdOfTheMessage() throws Exception {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        List<Message<String>> batch = List.of(Message.of(topic, "k", "b0"), Message.of(topic, "k", "b1"));

        PublishReceipt one = node.engine().publish(topic, "k", "x");
        PublishReceipt later = get(node.engine().publishAsync(Message.of(topic, "k", "y")));
        BatchReceipt many = node.engine().publishAll(batch);

        eventually("all four", () -> journal.size() == 4);
        assertThat(journal.messages())
                .extracting(Message::id)
                .containsExactlyInAnyOrder(
                        one.messageId(),
                        later.messageId(),
                        many.items().get(0).messageId(),
                        many.items().get(1).messageId());
        assertThat(one.subscriptions()).isEqualTo(leavesTheProcess() ? -1 : 1);
    }

    @Test
    void shouldTakeAMessageThatNobodySubscribesTo() {
        Node node = node();

        PublishReceipt receipt = node.engine().publish(topic(), "x");

        assertThat(receipt.messageId()).isNotEmpty();
        assertThat(node.engine().snapshot().publisher().accepted()).isEqualTo(1);
    }

    @Test
    void shouldAnswerEveryPublishWhenThePublisherIsClosedMeanwhile() throws Exception {
        Node publisher = node();
        Node subscriber = leavesTheProcess() ? node() : publisher;
        String topic = topic();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        subscriber.subscribe(subscription(topic).concurrency(4), (message, delivery) -> handled.add(message.id()));
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        Crowd publishers = Crowd.start(8, number -> {
            try {
                while (true) {
                    accepted.add(publisher
                            .engine()
                            .publish(topic, "publisher-" + number, "x")
                            .messageId());
                }
            } catch (PubSubException refused) {
                assertThat(refused instanceof PubSubClosedException || refused.outcomeUnknown())
                        .as("closed, or not known: %s", refused)
                        .isTrue();
            }
        });
        eventually("some of them", () -> accepted.size() >= 50);

        publisher.close();

        publishers.join(fixture().patience());
        if (leavesTheProcess()) {
            eventually(() -> assertThat(handled).containsAll(accepted));
        }
    }

    @Test
    void shouldCompleteTheFuturesOfAPublisherThatIsClosed() throws Exception {
        Node publisher = node();
        String topic = topic();
        List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            receipts.add(publisher.engine().publishAsync(Message.of(topic, "k", "m" + i)));
        }

        publisher.close();

        for (CompletableFuture<PublishReceipt> receipt : receipts) {
            try {
                assertThat(get(receipt).messageId()).isNotEmpty();
            } catch (ExecutionException refused) {
                assertThat(refused).hasCauseInstanceOf(PubSubException.class);
            }
        }
    }

    @Test
    void shouldTellAnInterruptedPublisherTheTruth() throws Exception {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        Set<String> certain = ConcurrentHashMap.newKeySet();

        Crowd.start(1, any -> {
                    Thread.currentThread().interrupt();
                    try {
                        node.engine().publish(topic, "k", "x");
                        certain.add("x");
                    } catch (PublishCancelledException cancelled) {
                        assertThat(cancelled.outcomeUnknown()).isTrue();
                    }
                    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
                })
                .join(fixture().patience());

        node.engine().publish(topic, "k", "marker");
        eventually("the marker", () -> journal.texts().contains("marker"));
        assertThat(journal.texts()).containsAll(certain).containsOnlyOnce("marker");
        assertThat(node.engine().snapshot().publisher().inFlight()).isZero();
    }

    @Test
    void shouldPublishABatchWhoseMessagesAreAcceptedOrRefusedEachOnItsOwn() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        List<Message<String>> batch = new ArrayList<>(IntStream.range(0, 10)
                .mapToObj(i -> Message.of(topic, "k", "m" + i))
                .toList());
        batch.set(5, Message.of(topic, "", "an empty key is none"));

        BatchReceipt receipt = node.engine().publishAll(batch);

        assertThat(receipt.accepted()).isEqualTo(9);
        assertThat(receipt.items().get(5).error()).isNotNull();
        eventually("the others", () -> journal.size() >= 9);
        assertThat(journal.texts()).doesNotContain("an empty key is none").doesNotHaveDuplicates();
    }

    // ---- deliver

    @Test
    void shouldReportHowEveryCopyWasSettled() throws Exception {
        requires(Capability.SETTLEMENT_TRACKING);
        Node node = node();
        String topic = topic();
        Subscription good = node.subscribe(subscription(topic), (message, delivery) -> {});
        Subscription bad = node.subscribe(subscription(topic).retry(Retries.atOnce(2)), (message, delivery) -> {
            throw new IllegalStateException("always");
        });

        DeliveryReport report = get(node.engine().deliver(Message.of(topic, "x")));

        assertThat(report.outcomes()).isEqualTo(Map.of(good.id(), Outcome.COMPLETED, bad.id(), Outcome.DEAD_LETTERED));
    }

    @Test
    void shouldDiscardWhatWaitsOfADeliverThatIsCancelled() throws Exception {
        requires(Capability.SETTLEMENT_TRACKING);
        Node node = node();
        String topic = topic();
        HeldHandler held = HeldHandler.of("held");
        Subscription subscription = node.subscribe(subscription(topic), held);
        CompletableFuture<DeliveryReport> active = node.engine().deliver(Message.of(topic, "held"));
        eventually("the attempt", () -> held.held() == 1);
        CompletableFuture<DeliveryReport> waiting = node.engine().deliver(Message.of(topic, "waiting"));

        assertThat(waiting.cancel(true)).isTrue();
        held.letAllGo();

        assertThat(get(active).outcomes()).containsEntry(subscription.id(), Outcome.COMPLETED);
        assertThatThrownBy(() -> get(waiting)).isInstanceOf(CancellationException.class);
        eventually(() -> assertThat(node.figures(subscription).discarded()).isEqualTo(1));
        assertThat(held.journal().texts()).containsExactly("held");
    }

    @Test
    void shouldRefuseToDeliverWhereSettlementsAreNotTold() {
        assumeFalse(can(Capability.SETTLEMENT_TRACKING), "The transport tells of settlements");
        Node node = node();

        assertThatThrownBy(() -> get(node.engine().deliver(Message.of(topic(), "x"))))
                .hasCauseInstanceOf(PubSubException.class);
    }
}
