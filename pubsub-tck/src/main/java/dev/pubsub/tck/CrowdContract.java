package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many publishers, subscribers and topics at once: nothing is lost, doubled or mixed up while nothing fails. */
abstract class CrowdContract extends Contract {

    private static final int PUBLISHERS = 50;
    private static final int SUBSCRIBERS = 50;
    private static final int TOPICS = 20;
    private static final int EACH = 10;

    CrowdContract(TransportContract suite) {
        super(suite);
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }

    @Test
    void shouldCarryFiftyPublishersToFiftySubscribersAtOnce() throws Exception {
        Node node = node();
        String topic = topic();
        List<Journal> journals = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            Journal journal = new Journal();
            node.subscribe(subscription(topic), journal);
            journals.add(journal);
        }

        Crowd publishers = Crowd.start(PUBLISHERS, publisher -> {
            for (int i = 0; i < EACH; i++) {
                node.engine().publish(topic, "publisher-" + publisher, publisher + "/" + i);
            }
        });

        publishers.join(fixture().patience());
        List<String> expected = IntStream.range(0, PUBLISHERS)
                .boxed()
                .flatMap(publisher -> IntStream.range(0, EACH).mapToObj(i -> publisher + "/" + i))
                .sorted()
                .toList();
        for (Journal journal : journals) {
            eventually("all of them", () -> journal.size() >= expected.size());
            assertThat(sorted(journal.texts())).isEqualTo(expected);
        }
    }

    @Test
    void shouldKeepTwentyTopicsApart() throws Exception {
        Node node = node();
        List<String> topics = new ArrayList<>();
        List<Journal> journals = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            String topic = topic();
            Journal journal = new Journal();
            node.subscribe(subscription(topic), journal);
            topics.add(topic);
            journals.add(journal);
        }

        Crowd publishers = Crowd.start(TOPICS, publisher -> {
            for (int i = 0; i < EACH; i++) {
                String topic = topics.get((publisher + i) % TOPICS);
                node.engine().publish(topic, "publisher-" + publisher, topic + "/" + publisher);
            }
        });

        publishers.join(fixture().patience());
        for (int t = 0; t < TOPICS; t++) {
            String topic = topics.get(t);
            Journal journal = journals.get(t);
            List<String> expected = IntStream.range(0, EACH)
                    .map(i -> Math.floorMod(topics.indexOf(topic) - i, TOPICS))
                    .mapToObj(publisher -> topic + "/" + publisher)
                    .sorted()
                    .toList();
            eventually("all of them", () -> journal.size() >= expected.size());
            assertThat(sorted(journal.texts())).isEqualTo(expected);
        }
    }
}
