package dev.pubsub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubException;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * Publishes in {@link ModelWorld}, and sees whether each subscription took what was accepted (guarantee 2): nobody else
 * publishes, so that each one's count tells.
 */
final class ModelPublisher {

    private static final String ALL = "t.**";
    private static final int MOST_REFUSALS = 3; // each may wait for a while

    private final PubSub engine;
    private final Random random;
    private final Map<String, Subscription> live;
    private int numbers;

    ModelPublisher(PubSub engine, Random random, Map<String, Subscription> live) {
        this.engine = engine;
        this.random = random;
        this.live = live;
    }

    /** All topics, or most of them, and one of its own. */
    String[] patterns(String id) {
        return random.nextBoolean() ? new String[] {"t.0", "t.1", topicOf(id)} : new String[] {ALL, topicOf(id)};
    }

    /** Which one subscription takes, and no other. */
    static String topicOf(String id) {
        return "own." + id;
    }

    Message<Integer> message() {
        return message("t." + random.nextInt(3));
    }

    Message<Integer> message(String topic) {
        String key = random.nextInt(4) == 0 ? null : "k" + random.nextInt(4);
        Message.Builder<Integer> message = Message.builder(topic, ++numbers);
        return (key == null ? message : message.key(key)).build();
    }

    void publish(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(3)) {
                case 0 -> publishAllOrNothing(engine::publish);
                case 1 ->
                    publishAllOrNothing(message -> engine.publishAsync(message).join());
                default -> publishBatch();
            }
        }
    }

    private void publishBatch() {
        try {
            engine.publishAll(List.of(message(), message()));
        } catch (PubSubException refused) {
            // full or stopped: nothing was accepted
        }
    }

    private void publishAllOrNothing(Consumer<Message<Integer>> publish) {
        Message<Integer> message = message();
        Map<String, Long> before = accepted();
        boolean accepted = true;
        try {
            publish.accept(message);
        } catch (PubSubException | CompletionException refused) {
            accepted = false;
        }
        long one = accepted ? 1 : 0;
        accepted().forEach((id, count) -> {
            if (takes(id, message)) {
                assertThat(count - before.get(id))
                        .as("copies that %s took of a message that was %s", id, one == 1 ? "accepted" : "refused")
                        .isEqualTo(one);
            }
        });
    }

    /**
     * Many messages, and then what is to happen in their midst, before anybody looks at figures: only so do workers
     * take several copies at once, and only so are they still at it.
     */
    void burst(int count, Runnable inTheMidst) {
        Map<String, Long> expected = accepted();
        int refusals = 0;
        for (int i = 0; i < count && refusals < MOST_REFUSALS; i++) {
            Message<Integer> message = message();
            try {
                engine.publish(message);
                expected.replaceAll((id, taken) -> takes(id, message) ? taken + 1 : taken);
            } catch (PubSubException refused) {
                refusals++;
            }
        }
        inTheMidst.run();
        Map<String, Long> accepted = accepted();
        expected.keySet().retainAll(accepted.keySet()); // one may have been closed, another one come
        assertThat(accepted).as("copies that were taken, after a burst").containsAllEntriesOf(expected);
    }

    private boolean takes(String id, Message<?> message) {
        List<String> patterns = live.get(id).spec().patterns();
        return patterns.contains(ALL) || patterns.contains(message.topic());
    }

    private Map<String, Long> accepted() {
        Map<String, Long> accepted = new HashMap<>();
        balanced().forEach(figures -> accepted.put(figures.id(), figures.accepted()));
        return accepted;
    }

    /** Guarantee 8: drift is only concluded from what is stable, so there is none at any moment. */
    List<SubscriptionFigures> balanced() {
        PubSubSnapshot snapshot = engine.snapshot();
        assertThat(snapshot.ledger()).as("ledger of %s", snapshot).isEqualTo(PubSubSnapshot.Ledger.BALANCED);
        return snapshot.subscriptions();
    }
}
