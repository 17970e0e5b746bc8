package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publish calls that a test answers, in each of their forms. */
class PublishStubsTest {

    @RegisterExtension
    final Probed probed = new Probed();

    private final PubSubProbe probe = probed.probe;
    private final PubSub pubSub = probed.pubSub;
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void subscribe() {
        pubSub.subscribe(SubscriptionSpec.builder("s", "**").build(), (m, d) -> handled.add(m.payload()));
    }

    @Test
    void acceptsWithoutDelivering() {
        probe.publishing().toAll().accept();

        PublishReceipt receipt = pubSub.publish("t", "key", "x");

        assertThat(receipt.subscriptions()).isEqualTo(1);
        assertThat(probe.onlyPublished("t"))
                .isAccepted()
                .reached()
                .hasKey("key")
                .hasPayload("x");
        assertThat(probe.onlyPublished("t").stubbed()).isTrue();
        assertThat(receipt.messageId())
                .isEqualTo(probe.onlyPublished("t").message().id());
        probe.awaitQuiet();
        assertThat(probe.received()).isEmpty();
        assertThat(handled).isEmpty();
    }

    @Test
    void refusesAsAnEngineWithoutRoomDoes() {
        probe.publishing().to("full").refuseQueueFull("s");
        probe.publishing().to("slots").refuseNoSlot();
        probe.publishing().to("late").refuseTimedOut();
        probe.publishing().to("closed").refuseClosed();

        assertThatThrownBy(() -> pubSub.publish("full", 1))
                .isInstanceOfSatisfying(QueueFullException.class, e -> assertThat(e.subscriptionId())
                        .isEqualTo("s"));
        assertThatThrownBy(() -> pubSub.publish("slots", 1)).isInstanceOf(ConcurrencyLimitException.class);
        assertThatThrownBy(() -> pubSub.publish("late", 1)).isInstanceOf(PublishTimeoutException.class);
        assertThatThrownBy(() -> pubSub.publish("closed", 1)).isInstanceOf(PubSubClosedException.class);
        assertThat(probe.onlyPublished("late")).isRefusedWith(PublishTimeoutException.class);
        assertThat(probe.published()).hasSize(4).noneMatch(PublishedMessage::accepted);
    }

    @Test
    void refusesSoManyTimesThenPublishes() {
        probe.publishing().to("orders.*").times(1).refuseTimedOut();

        assertThatThrownBy(() -> pubSub.publish("orders.created", 1)).isInstanceOf(PublishTimeoutException.class);
        pubSub.publish("orders.created", 2);
        pubSub.publish("other", 3);
        probe.awaitQuiet();

        assertThat(handled).containsExactlyInAnyOrder(2, 3);
        assertThat(probe.published("orders.**"))
                .extracting(PublishedMessage::accepted)
                .containsExactly(false, true);
    }

    @Test
    void answersEveryFormOfPublishing() {
        probe.publishing().to("no").refuseClosed();
        probe.publishing().to("yes").accept(2);
        Message<Object> no = Message.of("no", (Object) 1);
        Message<Object> yes = Message.of("yes", (Object) 2);

        assertThat(pubSub.publish(yes).subscriptions()).isEqualTo(2);
        assertThat(pubSub.publishAsync(no))
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PubSubClosedException.class);
        assertThat(pubSub.publishAsync(yes)).isCompleted();
        assertThat(pubSub.deliver(no)).isCompletedExceptionally();
        assertThat(pubSub.deliver(yes))
                .isCompletedWithValueMatching(report -> report.outcomes().isEmpty());
        var receipt = pubSub.publishAll(List.of(no, yes, Message.of("t", 3)));
        assertThat(receipt.items()).extracting(item -> item.error() == null).containsExactly(false, true, true);
        probe.awaitQuiet();
        assertThat(handled).containsExactly(3);
    }

    @Test
    void anInvalidTopicIsRefusedAllTheSame() {
        probe.publishing().toAll().accept();

        assertThatThrownBy(() -> pubSub.publish("no topic", 1)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> pubSub.publish("t", (Object) null)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> probe.publishing().to("a..b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no topic or pattern");
    }

    @Test
    void clearedStubsPublishAgain() {
        probe.publishing().toAll().accept();
        probe.publishing().clear();

        pubSub.publish("t", 1);
        probe.awaitQuiet();

        assertThat(handled).containsExactly(1);
    }
}
