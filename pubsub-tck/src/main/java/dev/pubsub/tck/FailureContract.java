package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.EncodedPayload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What fails is tried again, or becomes a dead letter; what comes after it goes on. */
abstract class FailureContract extends Contract {

    FailureContract(TransportContract suite) {
        super(suite);
    }

    private SubscriptionSpec.Builder<Object> fragile(String topic) {
        return subscription(topic).retry(RetryPolicy.disabled()).circuitBreaker(BreakerPolicy.disabled());
    }

    private DeadLetter onlyDeadLetter(Node node, Subscription subscription) {
        DeadLetterQuery query =
                DeadLetterQuery.builder().subscription(subscription.id()).build();
        eventually("a dead letter", () -> node.engine().deadLetters().count(query) > 0);
        List<DeadLetter> letters = node.engine().deadLetters().find(query);
        assertThat(letters).hasSize(1);
        return letters.get(0);
    }

    /** A payload as text, be it as it was published, or on its way. */
    private static String text(Object payload) {
        return payload instanceof EncodedPayload encoded ? encoded.text() : (String) payload;
    }

    @Test
    void shouldTryAgainAfterAFailure() {
        Node node = node();
        String topic = topic();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        Journal journal = new Journal();
        node.subscribe(subscription(topic).retry(Retries.atOnce(3)), (message, delivery) -> {
            attempts.add(delivery.attempt());
            if (delivery.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
            journal.add(message);
        });

        node.engine().publish(topic, "x");

        eventually("a success", () -> journal.size() == 1);
        assertThat(attempts).containsExactly(1, 2, 3);
        assertThat(node.engine().deadLetters().size()).isZero();
    }

    @Test
    void shouldKeepWhatAlwaysFailsAsADeadLetterAndGoOn() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        Subscription subscription = node.subscribe(fragile(topic), (message, delivery) -> {
            if ("bad".equals(message.payload())) {
                throw new IllegalStateException("always");
            }
            journal.add(message);
        });
        Message<String> bad =
                Message.builder(topic, "bad").key("k").header("origin", "here").build();

        node.engine().publish(bad);
        node.engine().publish(topic, "k", "good");

        DeadLetter letter = onlyDeadLetter(node, subscription);
        assertThat(letter.reason()).isEqualTo(Reason.FAILURE);
        assertThat(letter.message().id()).isEqualTo(bad.id());
        assertThat(letter.message().topic()).isEqualTo(topic);
        assertThat(letter.message().key()).isEqualTo("k");
        assertThat(letter.message().headers()).isEqualTo(Map.of("origin", "here"));
        assertThat(text(letter.message().payload())).isEqualTo("bad");
        eventually(() -> assertThat(journal.texts()).containsExactly("good"));
    }

    @Test
    void shouldKeepAPoisonPayloadAsADeadLetterAndGoOn() {
        Node node = node(builder -> builder.payloadCodec(new NumberCodec()));
        String topic = topic();
        List<Long> numbers = new CopyOnWriteArrayList<>();
        Subscription subscription = node.subscribe(
                subscription(topic).payloadType(Long.class), (message, delivery) -> numbers.add(message.payload()));

        node.engine().publish(topic, "k", "poison");
        node.engine().publish(topic, "k", "42");

        DeadLetter letter = onlyDeadLetter(node, subscription);
        assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
        assertThat(text(letter.message().payload())).isEqualTo("poison");
        eventually(() -> assertThat(numbers).containsExactly(42L));
        if (leavesTheProcess()) {
            assertThat(((EncodedPayload) letter.message().payload()).bytes())
                    .isEqualTo("poison".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldGoOnAfterAHandlerThatPanicsOneThatRejectsAndOneThatTakesTooLong() {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(fragile(topic).timeout(Duration.ofMillis(100)), (message, delivery) -> {
            switch ((String) message.payload()) {
                case "panic" -> throw new AssertionError("panic");
                case "reject" -> throw new RejectMessageException("rejected");
                case "hang" -> new CountDownLatch(1).await();
                default -> journal.add(message);
            }
        });

        for (String text : List.of("panic", "reject", "hang", "good")) {
            node.engine().publish(topic, "k", text);
        }

        eventually(() -> assertThat(journal.texts()).containsExactly("good"));
        eventually(() -> assertThat(node.engine().deadLetters().find(DeadLetterQuery.all()))
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.PANIC, Reason.REJECTED, Reason.TIMEOUT));
    }

    @Test
    void shouldHandleADeadLetterThatIsReplayed() {
        Node node = node();
        String topic = topic();
        AtomicBoolean repaired = new AtomicBoolean();
        Journal journal = new Journal();
        Journal other = new Journal();
        Subscription subscription = node.subscribe(fragile(topic), (message, delivery) -> {
            if (!repaired.get()) {
                throw new IllegalStateException("broken");
            }
            journal.add(message);
        });
        node.subscribe(fragile(topic), other);
        node.engine().publish(topic, "x");
        DeadLetter letter = onlyDeadLetter(node, subscription);

        repaired.set(true);
        assertThat(node.engine().deadLetters().replay(letter.id())).isTrue();

        eventually(() -> assertThat(journal.texts()).containsExactly("x"));
        assertThat(node.engine().deadLetters().size()).isZero();
        eventually(() -> assertThat(other.texts()).containsExactly("x"));
    }

    @Test
    void shouldKeepTheOrderOfDeadLettersThatBlockTheirKey() {
        requires(Capability.KEY_ORDERED, Capability.SEQUENCED_DEAD_LETTERS);
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(fragile(topic).ordering(Ordering.KEY).sequenced(true), (message, delivery) -> {
            if ("0".equals(message.payload())) {
                throw new IllegalStateException("always");
            }
            journal.add(message);
        });

        node.engine().publish(topic, "blocked", "0");
        node.engine().publish(topic, "blocked", "1");
        node.engine().publish(topic, "free", "2");

        eventually(() -> assertThat(node.engine().deadLetters().find(DeadLetterQuery.all()))
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.FAILURE, Reason.SEQUENCED));
        eventually(() -> assertThat(journal.texts()).containsExactly("2"));
    }
}
