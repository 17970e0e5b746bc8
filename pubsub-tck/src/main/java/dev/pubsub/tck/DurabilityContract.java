package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nothing is acknowledged before it is settled: what was not, the next process of the same group gets. "The next
 * process" is another engine on another transport of the same fixture, with the same subscription.
 */
abstract class DurabilityContract extends Contract {

    /** One key for all, so that a broker keeps them side by side: what is acknowledged too far then shows. */
    private static final String KEY = "k";

    DurabilityContract(TransportContract suite) {
        super(suite);
    }

    @BeforeEach
    void requiresDurability() {
        requires(Capability.DURABLE);
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static void publish(Node node, String topic, List<String> texts) {
        texts.forEach(text -> node.engine().publish(topic, KEY, text));
    }

    @Test
    void shouldGiveTheNextProcessWhatWasInFlight() {
        String topic = topic();
        String id = name("s");
        Node first = node();
        HeldHandler held = HeldHandler.ofAll();
        first.subscribe(SubscriptionSpec.builder(id, topic), held);
        publish(first, topic, List.of("x"));
        eventually("the attempt", () -> held.held() == 1);

        first.close();

        Journal journal = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic), journal);
        eventually(() -> assertThat(journal.texts()).containsExactly("x"));
        assertThat(held.journal().texts()).isEmpty();
    }

    @Test
    void shouldGiveTheNextProcessWhatIsUnsettledBeforeWhatIsSettled() {
        String topic = topic();
        String id = name("s");
        Node first = node();
        HeldHandler held = HeldHandler.of("0");
        Subscription subscription =
                first.subscribe(SubscriptionSpec.builder(id, topic).concurrency(4), held);
        publish(first, topic, texts(10));
        eventually(
                "the others",
                () -> held.held() == 1 && first.figures(subscription).completed() == 9);

        first.close();

        Journal journal = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic), journal);
        eventually(() -> assertThat(journal.texts()).contains("0"));
    }

    @Test
    void shouldGiveTheNextProcessWhatWaitsForItsRetry() {
        String topic = topic();
        String id = name("s");
        Node first = node();
        Subscription subscription = first.subscribe(SubscriptionSpec.builder(id, topic), (message, delivery) -> {
            throw new RetryLaterException(Duration.ofHours(1));
        });
        publish(first, topic, List.of("x"));
        eventually("the wait", () -> first.figures(subscription).parked() == 1);

        first.close();

        Journal journal = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic), journal);
        eventually(() -> assertThat(journal.texts()).containsExactly("x"));
    }

    @Test
    void shouldGiveTheNextProcessWhatWasPublishedWhileThereWasNone() {
        String topic = topic();
        String id = name("s");
        Node publisher = node();
        Node first = node();
        Journal before = new Journal();
        Subscription subscription = first.subscribe(SubscriptionSpec.builder(id, topic), before);
        publish(publisher, topic, texts(10));
        eventually("the first ten", () -> first.figures(subscription).completed() == 10);
        first.close();

        publish(publisher, topic, List.of("a", "b", "c"));

        Journal after = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic), after);
        eventually("the next three", () -> after.size() >= 3);
        assertThat(after.texts()).as("what was settled is not repeated").containsExactly("a", "b", "c");
    }

    @Test
    void shouldNotRepeatADeadLetter() {
        String topic = topic();
        String id = name("s");
        Node first = node();
        Subscription subscription = first.subscribe(
                SubscriptionSpec.builder(id, topic).retry(RetryPolicy.disabled()), (message, delivery) -> {
                    throw new IllegalStateException("always");
                });
        publish(first, topic, List.of("dead"));
        eventually("the dead letter", () -> first.figures(subscription).deadLettered() == 1);
        first.close();

        Node second = node();
        Journal journal = new Journal();
        second.subscribe(SubscriptionSpec.builder(id, topic), journal);
        publish(second, topic, List.of("marker"));

        eventually("the marker", () -> journal.size() >= 1);
        assertThat(journal.texts()).containsExactly("marker");
    }

    @Test
    void shouldGiveTheNextProcessWhatFailedAndCouldNotBeKeptAsADeadLetter() {
        String topic = topic();
        String id = name("s");
        RefusingDeadLetterStore store = new RefusingDeadLetterStore();
        Node first = node(builder -> builder.deadLetterStore(store));
        first.subscribe(
                SubscriptionSpec.builder(id, topic)
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.disabled()),
                (message, delivery) -> {
                    throw new IllegalStateException("always");
                });
        publish(first, topic, List.of("x"));
        eventually("the refusal", () -> store.refused() > 0);

        first.close();

        Journal journal = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic), journal);
        eventually(() -> assertThat(journal.texts()).containsExactly("x"));
    }

    @Test
    void shouldLoseNothingInAShutdownUnderLoad() throws Exception {
        String topic = topic();
        String id = name("s");
        List<String> all = texts(500);
        Node publisher = node();
        Node first = node(builder -> builder.shutdownTimeout(Duration.ZERO));
        Journal before = new Journal();
        first.subscribe(SubscriptionSpec.builder(id, topic).concurrency(4), before);
        Crowd publishing = Crowd.start(1, any -> publish(publisher, topic, all));
        eventually("some of them", () -> before.size() >= 50);

        first.close();

        Journal after = new Journal();
        node().subscribe(SubscriptionSpec.builder(id, topic).concurrency(4), after);
        publishing.join(fixture().patience());
        eventually(() -> assertThat(union(before, after)).hasSize(all.size()));
        assertThat(union(before, after)).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void shouldGiveALateSubscriberWhatWasPublishedBefore() {
        requires(Capability.REPLAY);
        String topic = topic();
        Node node = node();
        publish(node, topic, texts(5));

        Journal journal = new Journal();
        node.subscribe(subscription(topic), journal);

        eventually(() -> assertThat(journal.texts()).containsExactlyElementsOf(texts(5)));
    }

    private static Set<String> union(Journal one, Journal other) {
        List<String> both = new ArrayList<>(one.texts());
        both.addAll(other.texts());
        return new TreeSet<>(both);
    }
}
