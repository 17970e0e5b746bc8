package dev.pubsub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.UnsupportedSubscriptionException;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HandTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a transport cannot do is refused, never done less well. */
class CapabilityTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private PubSub engine(Capability... capabilities) {
        return engines.started(builder -> builder.transport(new HandTransport(capabilities)));
    }

    private static Subscription subscribe(PubSub engine, SubscriptionSpec.Builder<Object> spec) {
        return engine.subscribe(spec.build(), (m, d) -> {});
    }

    private static SubscriptionSpec.Builder<Object> spec(String id) {
        return SubscriptionSpec.builder(id, "t");
    }

    @Test
    void anOrderNeedsATransportThatKeepsIt() {
        assertThatThrownBy(() -> subscribe(engine(), spec("s").ordering(Ordering.KEY)))
                .isInstanceOf(UnsupportedSubscriptionException.class)
                .hasMessageContaining("Subscription 's', transport 'hand'")
                .hasMessageContaining("KEY_ORDERED");
        assertThat(subscribe(engine(Capability.KEY_ORDERED), spec("s").ordering(Ordering.KEY)))
                .isNotNull();
    }

    @Test
    void theOrderOfATopicIsMoreThanThatOfItsKeys() {
        assertThatThrownBy(() ->
                        subscribe(engine(Capability.KEY_ORDERED), spec("s").ordering(Ordering.TOPIC)))
                .isInstanceOf(UnsupportedSubscriptionException.class)
                .hasMessageContaining("TOPIC_ORDERED");
        assertThat(subscribe(engine(Capability.TOPIC_ORDERED), spec("s").ordering(Ordering.TOPIC)))
                .isNotNull();
    }

    @Test
    void aGroupNeedsATransportThatHasGroups() {
        assertThatThrownBy(() -> subscribe(engine(), spec("s").group("g")))
                .isInstanceOf(UnsupportedSubscriptionException.class)
                .hasMessageContaining("GROUPS");
        assertThat(subscribe(engine(Capability.GROUPS), spec("s").group("g"))).isNotNull();
    }

    @Test
    void sequencedDeadLettersNeedATransportThatKnowsThem() {
        assertThatThrownBy(() -> subscribe(
                        engine(Capability.KEY_ORDERED),
                        spec("s").ordering(Ordering.KEY).sequenced(true)))
                .isInstanceOf(UnsupportedSubscriptionException.class)
                .hasMessageContaining("SEQUENCED_DEAD_LETTERS");
    }

    @Test
    void withinOneProcessAGroupIsOneSubscription() {
        PubSub engine = engines.started();
        subscribe(engine, spec("a").group("g"));

        assertThatThrownBy(() -> subscribe(engine, spec("b").group("g")))
                .isInstanceOf(UnsupportedSubscriptionException.class)
                .hasMessageContaining("'a'");
        assertThat(subscribe(engine, spec("b").group("h"))).isNotNull();
    }
}
