package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.PubSubException;
import dev.pubsub.SubscriptionSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The largest messages and longest names that are allowed arrive; what is beyond is refused, and leaves no trace. */
abstract class LimitContract extends Contract {

    private static final int MAX_HEADERS = 64;
    private static final int MAX_HEADER_SIZE = 8 << 10;
    private static final int MAX_PAYLOAD = 1 << 20;
    private static final int MAX_KEY = 1_024;

    LimitContract(TransportContract suite) {
        super(suite);
    }

    private static Map<String, String> headers(int count, int size) {
        Map<String, String> headers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = "header-" + (100 + i);
            headers.put(name, "x".repeat(size - name.length()));
        }
        return headers;
    }

    @Test
    void shouldCarryAsManyHeadersOfTheLargestSizeAsAreAllowed() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        Map<String, String> largest = headers(MAX_HEADERS, MAX_HEADER_SIZE);

        node.engine().publish(Message.builder(topic, "x").headers(largest).build());

        eventually("the message", () -> journal.size() == 1);
        assertThat(journal.messages().get(0).headers()).isEqualTo(largest);
    }

    @Test
    void shouldRefuseHeadersBeyondTheLimits() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);

        for (Map<String, String> tooMuch : List.of(headers(MAX_HEADERS + 1, 20), headers(1, MAX_HEADER_SIZE + 1))) {
            Message<String> message =
                    Message.builder(topic, "refused").key("k").headers(tooMuch).build();
            assertThatThrownBy(() -> node.engine().publish(message)).isInstanceOf(InvalidMessageException.class);
        }

        node.engine().publish(topic, "k", "marker");
        eventually("the marker", () -> journal.size() >= 1);
        assertThat(journal.texts()).containsExactly("marker");
    }

    /**
     * A broker has a limit of its own, which the application may have to raise; what must not be is a loss in silence.
     */
    @Test
    void shouldCarryTheLargestPayloadOrRefuseItAloud() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        String largest = "x".repeat(MAX_PAYLOAD);
        boolean accepted;

        try {
            node.engine().publish(topic, "k", largest);
            accepted = true;
        } catch (PubSubException refused) {
            accepted = false;
        }
        node.engine().publish(topic, "k", "marker");

        eventually("the marker", () -> journal.texts().contains("marker"));
        assertThat(journal.texts().contains(largest)).isEqualTo(accepted);
    }

    @Test
    void shouldCarryTheLongestNames() {
        Node node = node();
        String topic = topic() + ".";
        String longest = created(topic + "t".repeat(Names.MAX_TOPIC_LENGTH - topic.length()));
        String id = name("s");
        id += "i".repeat(100 - id.length());
        String key = "\u20ac".repeat(MAX_KEY);
        Journal journal = new Journal();
        node.subscribe(SubscriptionSpec.builder(id, longest), journal);

        node.engine().publish(longest, key, "x");

        eventually("the message", () -> journal.size() == 1);
        assertThat(journal.messages().get(0).topic()).isEqualTo(longest);
        assertThat(journal.messages().get(0).key()).isEqualTo(key);
    }
}
