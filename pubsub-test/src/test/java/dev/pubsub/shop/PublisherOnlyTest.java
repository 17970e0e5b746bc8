package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.Publisher;
import dev.pubsub.QueueFullException;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A slice without subscribers, for those who only publish. */
@PubSubTest
class PublisherOnlyTest {

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @Test
    void aMessageIsAcceptedAndSeen() {
        assertThat(publisher.publish("orders.created", "x").subscriptions()).isZero();
        assertThat(probe.onlyPublished("orders.*")).isAccepted().reached();
    }

    @Test
    void oneIsRefusedWhereTheTestSaysSo() {
        probe.publishing().toAll().refuseQueueFull("billing");

        assertThatThrownBy(() -> publisher.publish("orders.created", "x")).isInstanceOf(QueueFullException.class);
        assertThat(probe.onlyPublished("orders.*")).isRefusedWith(QueueFullException.class);
    }
}
