package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is published arrives, intact, where it belongs, and nowhere else. */
abstract class DeliveryContract extends Contract {

    /** Text in which each character of one, two, three and four bytes stands once. */
    private static final String TEXT = "a\u00e4\u20ac\ud83d\udd4a \"quoted\" \\ {json: no} \n\ttab";

    DeliveryContract(TransportContract suite) {
        super(suite);
    }

    private Message<Object> onlyMessage(Journal journal) {
        eventually("a message", () -> journal.size() > 0);
        assertThat(journal.messages()).hasSize(1);
        return journal.messages().get(0);
    }

    @Test
    void shouldCarryTextKeyAndHeadersIntact() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        Message<String> sent = Message.builder(topic, TEXT)
                .key("a key \u00e4/\u20ac")
                .header("trace-id", "a=1; b=2,3")
                .header("Content-Type", "of the application")
                .header("unicode", "\u00e4\u20ac\ud83d\udd4a")
                .header("empty", "")
                .build();

        node.engine().publish(sent);

        Message<Object> got = onlyMessage(journal);
        assertThat(got.payload()).isEqualTo(TEXT);
        assertThat(got.topic()).isEqualTo(topic);
        assertThat(got.key()).isEqualTo(sent.key());
        assertThat(got.headers()).isEqualTo(sent.headers());
        assertThat(got.id()).isEqualTo(sent.id());
        assertThat(got.timestamp()).isEqualTo(sent.timestamp());
    }

    @Test
    void shouldCarryBytesIntact() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        node.engine().publish(topic, all);

        assertThat(onlyMessage(journal).payload()).isEqualTo(all);
    }

    @Test
    void shouldCarryEmptyPayloads() {
        Node node = node();
        String bytes = topic();
        String text = topic();
        Journal ofBytes = new Journal();
        Journal ofText = new Journal();
        node.subscribe(subscription(bytes), ofBytes);
        node.subscribe(subscription(text), ofText);

        node.engine().publish(bytes, new byte[0]);
        node.engine().publish(text, "");

        assertThat(onlyMessage(ofBytes).payload()).isEqualTo(new byte[0]);
        assertThat(onlyMessage(ofText).payload()).isEqualTo("");
        assertThat(onlyMessage(ofText).key()).isNull();
        assertThat(onlyMessage(ofText).headers()).isEmpty();
    }

    @Test
    void shouldGiveBytesToWhoAsksForBytesAndTextToWhoAsksForText() {
        requiresLeavingTheProcess();
        Node node = node();
        String topic = topic();
        Journal asText = new Journal();
        Journal asBytes = new Journal();
        node.subscribe(
                subscription(topic).payloadType(String.class),
                (message, delivery) -> asText.add(message.withPayload(message.payload())));
        node.subscribe(
                subscription(topic).payloadType(byte[].class),
                (message, delivery) -> asBytes.add(message.withPayload(message.payload())));

        node.engine().publish(topic, TEXT);

        assertThat(onlyMessage(asText).payload()).isEqualTo(TEXT);
        assertThat(onlyMessage(asBytes).payload()).isEqualTo(TEXT.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldGiveEverySubscriptionACopyOfItsOwn() {
        Node node = node();
        String topic = topic();
        Journal first = new Journal();
        Journal second = new Journal();
        node.subscribe(subscription(topic), first);
        node.subscribe(subscription(topic), second);

        node.engine().publish(topic, "x");

        assertThat(onlyMessage(first).payload()).isEqualTo("x");
        assertThat(onlyMessage(second).payload()).isEqualTo("x");
    }

    @Test
    void shouldReachOtherProcesses() {
        requiresLeavingTheProcess();
        Node publisher = node();
        Node subscriber = node();
        String topic = topic();
        Journal journal = new Journal();
        subscriber.subscribe(subscription(topic), journal);

        publisher.engine().publish(topic, "x");

        assertThat(onlyMessage(journal).payload()).isEqualTo("x");
    }

    @Test
    void shouldMatchPatternsSegmentBySegment() {
        Node node = node();
        String root = topic();
        List<String> topics = List.of(root, root + ".a", root + ".b", root + ".a.b", root + "x.a");
        topics.forEach(this::created);
        Map<String, Journal> journals = Map.of(
                root + ".a", new Journal(),
                root + ".*", new Journal(),
                root + ".**", new Journal(),
                root + ".*.b", new Journal());
        journals.forEach((pattern, journal) -> node.subscribe(subscription(pattern), journal));

        topics.forEach(topic -> node.engine().publish(topic, topic));

        Map<String, List<String>> expected = Map.of(
                root + ".a", List.of(root + ".a"),
                root + ".*", List.of(root + ".a", root + ".b"),
                root + ".**", List.of(root, root + ".a", root + ".b", root + ".a.b"),
                root + ".*.b", List.of(root + ".a.b"));
        eventually(() -> journals.forEach((pattern, journal) ->
                assertThat(journal.texts()).as(pattern).containsExactlyInAnyOrderElementsOf(expected.get(pattern))));
    }

    @Test
    void shouldGiveAPatternsSubscriptionTheTopicsThatComeLater() {
        Node node = node();
        String root = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(root + ".**"), journal);

        String later = created(root + ".later");
        node.engine().publish(later, "x");

        assertThat(onlyMessage(journal).topic()).isEqualTo(later);
    }

    @Test
    void shouldGiveASubscriptionOfSeveralPatternsOneCopyOfEachMessage() {
        Node node = node();
        String root = topic();
        String topic = created(root + ".a");
        Journal journal = new Journal();
        node.subscribe(subscription(topic, root + ".*", root + ".**"), journal);

        node.engine().publish(topic, "k", "x");
        node.engine().publish(topic, "k", "marker");

        eventually("the marker", () -> journal.texts().contains("marker"));
        assertThat(journal.texts()).containsExactly("x", "marker");
    }

    @Test
    void shouldDeliverWhatAHandlerPublishes() {
        Node node = node();
        String first = topic();
        String second = topic();
        Journal journal = new Journal();
        node.subscribe(subscription(second), journal);
        node.subscribe(subscription(first), (message, delivery) -> node.engine()
                .publish(second, message.payload() + " and on"));

        node.engine().publish(first, "on");

        assertThat(onlyMessage(journal).payload()).isEqualTo("on and on");
    }

    @Test
    void shouldBeDoneWithWhatAConditionRefuses() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        Subscription subscription = node.subscribe(
                subscription(topic).condition(message -> !"unwanted".equals(message.payload())), journal);

        node.engine().publish(topic, "k", "unwanted");
        node.engine().publish(topic, "k", "wanted");

        assertThat(onlyMessage(journal).payload()).isEqualTo("wanted");
        eventually(() -> assertThat(node.figures(subscription).filtered()).isEqualTo(1));
        assertThat(node.figures(subscription).accepted()).isEqualTo(1);
    }

    @Test
    void shouldKeepForAPausedSubscriptionWhatItGetsWhenItIsResumed() {
        Node node = node();
        String topic = topic();
        Journal paused = new Journal();
        Journal other = new Journal();
        Subscription subscription = node.subscribe(subscription(topic), paused);
        node.subscribe(subscription(topic), other);
        subscription.pause();

        for (int i = 0; i < 5; i++) {
            node.engine().publish(topic, "k", "m" + i);
        }

        eventually("what the other one gets", () -> other.size() == 5);
        assertThat(paused.texts()).isEmpty();
        subscription.resume();
        eventually(() -> assertThat(paused.texts()).containsExactly("m0", "m1", "m2", "m3", "m4"));
    }
}
