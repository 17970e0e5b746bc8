package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pubsub.BatchReceipt;
import dev.pubsub.Message;
import dev.pubsub.spi.Capability;
import dev.pubsub.tck.TransportFixture.Broker;
import dev.pubsub.tck.TransportFixture.ForeignPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The broker goes while processes publish and receive, and comes back; and it has clients that do not know us. */
abstract class BrokerContract extends Contract {

    private static final int MESSAGES = 10_000;
    private static final int BATCH = 100;
    private static final int KEYS = 100;

    BrokerContract(TransportContract suite) {
        super(suite);
    }

    private Broker broker() {
        assumeTrue(fixture().broker().isPresent(), "The fixture has no broker that can be stopped");
        return fixture().broker().get();
    }

    private ForeignPublisher foreign() {
        assumeTrue(fixture().foreignPublisher().isPresent(), "The fixture knows no other way to publish");
        return fixture().foreignPublisher().get();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsRestartedAtAThirdAndAtAHalf() throws Exception {
        requires(Capability.DURABLE);
        Broker broker = broker();
        Node publisher = node();
        Node subscriber = node();
        String topic = topic();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        AtomicInteger attempts = new AtomicInteger();
        subscriber.subscribe(subscription(topic).concurrency(4), (message, delivery) -> {
            handled.add((String) message.payload());
            attempts.incrementAndGet();
        });
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        Outage atAThird = new Outage(MESSAGES / 3);
        Outage atAHalf = new Outage(MESSAGES / 2);
        AtomicInteger calls = new AtomicInteger();
        Crowd publishing = Crowd.start(1, any -> {
            for (int first = 0; first < MESSAGES; first += BATCH) {
                atAThird.arrive(first);
                atAHalf.arrive(first);
                publish(publisher, topic, first, accepted, calls);
            }
        });

        for (Outage outage : List.of(atAThird, atAHalf)) {
            eventually("the outage", () -> outage.reached.getCount() == 0);
            broker.stop();
            int callsBefore = calls.get();
            outage.begun.countDown();
            eventually(
                    "a publish into the outage",
                    () -> calls.get() > callsBefore + 1
                            || (calls.get() > callsBefore && isWaiting(publishing.thread())));
            broker.start();
        }

        publishing.join(fixture().patience().multipliedBy(2));
        assertThat(accepted).hasSize(MESSAGES);
        eventually(() -> assertThat(handled).hasSameSizeAs(accepted));
        assertThat(handled).isEqualTo(accepted);
        assertThat(attempts.get()).isGreaterThanOrEqualTo(MESSAGES);
    }

    /** The publisher reaches it, and goes on once it has begun. */
    private record Outage(int at, CountDownLatch reached, CountDownLatch begun) {

        Outage(int at) {
            this(at, new CountDownLatch(1), new CountDownLatch(1));
        }

        void arrive(int published) throws InterruptedException {
            if (published >= at) {
                reached.countDown();
                begun.await();
            }
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING;
    }

    /** What was refused, or is not known to be taken, is published again, as any application would. */
    private static void publish(Node publisher, String topic, int first, Set<String> accepted, AtomicInteger calls) {
        List<String> left = new ArrayList<>(IntStream.range(first, first + BATCH)
                .mapToObj(Integer::toString)
                .toList());
        while (!left.isEmpty()) {
            List<String> batch = List.copyOf(left);
            calls.incrementAndGet();
            BatchReceipt receipt = publisher
                    .engine()
                    .publishAll(batch.stream()
                            .map(text -> Message.of(topic, "key-" + Integer.parseInt(text) % KEYS, text))
                            .toList());
            for (BatchReceipt.Item item : receipt.items()) {
                if (item.error() == null) {
                    left.remove(batch.get(item.index()));
                    accepted.add(batch.get(item.index()));
                }
            }
        }
    }

    @Test
    void shouldReceiveWhatAnotherKindOfClientPublishes() throws Exception {
        ForeignPublisher foreign = foreign();
        Node node = node();
        String topic = topic();
        Journal texts = new Journal();
        Journal anything = new Journal();
        node.subscribe(
                subscription(topic).payloadType(String.class),
                (message, delivery) -> texts.add(message.withPayload(message.payload())));
        node.subscribe(subscription(topic), anything);

        foreign.publish(topic, "k", new byte[] {'h', 'i'});
        foreign.publish(topic, null, new byte[] {'y', 'o'});

        eventually(() -> assertThat(texts.texts()).containsExactlyInAnyOrder("hi", "yo"));
        eventually("bytes", () -> anything.size() == 2);
        assertThat(anything.messages()).extracting(Message::payload).allMatch(byte[].class::isInstance);
        assertThat(texts.messages())
                .extracting(Message::id)
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(texts.messages()).extracting(Message::key).containsExactlyInAnyOrder("k", null);
        assertThat(texts.messages()).extracting(Message::topic).containsOnly(topic);
    }

    @Test
    void shouldKeepWhatAnotherKindOfClientPublishesAndNobodyCanReadAsADeadLetterAndGoOn() throws Exception {
        ForeignPublisher foreign = foreign();
        Node node = node();
        String topic = topic();
        Journal journal = new Journal();
        node.subscribe(
                subscription(topic).payloadType(String.class),
                (message, delivery) -> journal.add(message.withPayload(message.payload())));

        foreign.publish(topic, "k", new byte[] {(byte) 0xFF, 0});
        foreign.publish(topic, "k", new byte[] {'h', 'i'});

        eventually(() -> assertThat(journal.texts()).containsExactly("hi"));
        eventually(() -> assertThat(node.engine().deadLetters().size()).isEqualTo(1));
    }
}
