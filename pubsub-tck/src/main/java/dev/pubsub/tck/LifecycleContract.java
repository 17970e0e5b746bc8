package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSubClosedException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The end of subscriptions and engines, and their beginning again, while messages are on their way. */
abstract class LifecycleContract extends Contract {

    private static final int STOPS = 5;

    LifecycleContract(TransportContract suite) {
        super(suite);
    }

    @Test
    void shouldGoOnAfterAStopAndAStart() {
        Node node = node();
        String topic = topic();
        HeldHandler held = HeldHandler.of("m0");
        node.subscribe(subscription(topic), held);
        for (int i = 0; i < 5; i++) {
            node.engine().publish(topic, "k", "m" + i);
        }
        eventually("the attempt", () -> held.held() == 1);

        node.engine().stop(Duration.ZERO);
        assertThat(held.journal().texts()).isEmpty();
        assertThatThrownBy(() -> node.engine().publish(topic, "k", "late")).isInstanceOf(PubSubClosedException.class);
        held.letAllGo();
        node.engine().start();

        eventually(() -> assertThat(held.journal().texts()).containsExactly("m0", "m1", "m2", "m3", "m4"));
    }

    @Test
    void shouldLoseNothingThroughManyStopsAndStarts() throws Exception {
        Node node = node();
        String topic = topic();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        node.subscribe(subscription(topic).concurrency(4), (message, delivery) -> handled.add(message.id()));
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        AtomicInteger stops = new AtomicInteger();
        Crowd publishers = Crowd.start(2, publisher -> {
            while (stops.get() < STOPS) {
                try {
                    accepted.add(node.engine()
                            .publish(topic, "publisher-" + publisher, "x")
                            .messageId());
                } catch (PubSubClosedException stopped) {
                    Thread.onSpinWait();
                }
            }
        });

        while (stops.get() < STOPS) {
            int before = accepted.size();
            eventually("a few more", () -> accepted.size() >= before + 5);
            node.engine().stop(Duration.ZERO);
            node.engine().start();
            stops.incrementAndGet();
        }

        publishers.join(fixture().patience());
        eventually(() -> assertThat(handled).containsAll(accepted));
    }

    @Test
    void shouldSurviveManyClosesAtOnce() throws Exception {
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        Subscription subscription = node.subscribe(subscription(topic), journal);
        for (int i = 0; i < 20; i++) {
            node.engine().publish(topic, "k", "m" + i);
        }

        Crowd closers = Crowd.start(16, closer -> {
            if (closer % 2 == 0) {
                node.engine().close();
            } else {
                subscription.close();
            }
        });

        closers.join(fixture().patience());
        assertThatThrownBy(() -> node.engine().publish(topic, "x")).isInstanceOf(PubSubClosedException.class);
        assertThatThrownBy(node.engine()::start).isInstanceOf(PubSubClosedException.class);
        node.engine().close();
    }

    @Test
    void shouldBeginNoAttemptOnceASubscriptionIsClosed() throws Exception {
        Node node = node();
        String topic = topic();
        Journal closed = new Journal();
        Set<String> others = ConcurrentHashMap.newKeySet();
        Subscription subscription = node.subscribe(subscription(topic), closed);
        node.subscribe(subscription(topic), (message, delivery) -> others.add((String) message.payload()));
        Crowd publisher = Crowd.start(1, any -> {
            for (int i = 0; i < 500; i++) {
                node.engine().publish(topic, "k", "m" + i);
            }
        });
        eventually("some of them", () -> closed.size() >= 20);

        subscription.close();

        int atTheEnd = closed.size();
        publisher.join(fixture().patience());
        eventually("what the other one gets", () -> others.size() == 500);
        assertThat(closed.size()).isEqualTo(atTheEnd);
    }

    @Test
    void shouldTakeASubscriptionOfTheSameIdOnceTheFormerIsClosed() {
        Node node = node();
        String topic = topic();
        String id = name("s");
        Journal former = new Journal();
        Journal latter = new Journal();
        Subscription subscription = node.subscribe(SubscriptionSpec.builder(id, topic), former);
        node.engine().publish(topic, "k", "x");
        eventually("the first", () -> node.figures(subscription).completed() == 1);
        subscription.close();

        node.subscribe(SubscriptionSpec.builder(id, topic), latter);
        node.engine().publish(topic, "k", "y");

        eventually("the second", () -> latter.size() >= 1);
        assertThat(former.texts()).containsExactly("x");
        assertThat(latter.texts()).containsExactly("y");
    }

    @Test
    void shouldTakeNothingForASubscriptionThatIsNotStartedUntilItIsResumed() {
        Node node = node();
        String topic = topic();
        Journal stopped = new Journal();
        Journal other = new Journal();
        Subscription subscription =
                node.engine().subscribe(subscription(topic).autoStartup(false).build(), stopped);
        node.subscribe(subscription(topic), other);
        node.engine().publish(topic, "k", "before");
        eventually("what the other one gets", () -> other.size() == 1);
        assertThat(stopped.texts()).isEmpty();

        subscription.resume();

        // a broker may begin with what was published before, and takes its time to begin at all
        eventually("a message", () -> {
            node.engine().publish(topic, "k", "after");
            return stopped.texts().contains("after");
        });
    }
}
