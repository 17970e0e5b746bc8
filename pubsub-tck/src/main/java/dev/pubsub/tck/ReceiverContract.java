package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.Transport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The SPI itself: the receiver of a transport that leaves the process, and an inlet that is moved by hand. What it has
 * not acknowledged is seen by the receiver of another process.
 */
abstract class ReceiverContract extends Contract {

    /** One key for all: so they have an order, and a broker keeps them side by side. */
    private static final String KEY = "k";

    private static final int PLENTY = 1_000;

    private final List<End> ends = new ArrayList<>();

    ReceiverContract(TransportContract suite) {
        super(suite);
    }

    /** A receiver, and the transport of the process that it is in. */
    private record End(Transport transport, Receiver receiver) {}

    @BeforeEach
    void requiresReceivers() {
        requiresLeavingTheProcess();
    }

    @AfterEach
    void closeTransports() {
        for (End end : ends) {
            end.receiver().quiesce();
            end.receiver().stop();
            end.transport().close();
        }
    }

    /** A receiver in a process of its own, not started. */
    private Receiver receiver(String id, String topic, HandInlet inlet) {
        Transport transport = fixture().open();
        SubscriptionSpec<Object> spec = SubscriptionSpec.builder(id, topic).build();
        Receiver receiver = transport.receiver(spec, inlet);
        ends.add(new End(transport, receiver));
        return receiver;
    }

    private Receiver started(String id, String topic, HandInlet inlet) throws Exception {
        Receiver receiver = receiver(id, topic, inlet);
        start(receiver, id);
        return receiver;
    }

    private void start(Receiver receiver, String id) throws Exception {
        receiver.start();
        for (End end : ends) {
            if (end.receiver() == receiver) {
                fixture().awaitReceiving(end.transport(), id);
            }
        }
    }

    private void send(String topic, String... texts) throws Exception {
        Transport transport = fixture().open();
        try {
            for (String text : texts) {
                EncodedPayload payload =
                        EncodedPayload.of(text.getBytes(StandardCharsets.UTF_8), EncodedPayload.TEXT, null);
                ((RemoteSender) transport.sender())
                        .send(Message.of(topic, KEY, payload))
                        .toCompletableFuture()
                        .get(fixture().patience().toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            transport.close();
        }
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }

    // ---- credit

    @Test
    void shouldHaveNoMoreTakenThanThereIsCreditFor() throws Exception {
        String topic = topic();
        HandInlet inlet = new HandInlet(3);
        started(name("s"), topic, inlet);

        send(topic, numbers(10));

        eventually("what there is credit for", () -> inlet.taken().size() == 3);
        inlet.grant(4);
        eventually("what there is more credit for", () -> inlet.taken().size() == 7);
        inlet.grant(PLENTY);
        eventually(() -> assertThat(inlet.texts()).containsExactly(numbers(10)));
    }

    @Test
    void shouldOfferAgainWhatFoundNoCredit() throws Exception {
        String topic = topic();
        HandInlet inlet = new HandInlet(PLENTY).refuseNext(3);
        started(name("s"), topic, inlet);

        send(topic, numbers(10));

        eventually(() -> {
            inlet.grant(1); // whoever was refused waits to be told
            assertThat(inlet.texts()).containsExactly(numbers(10));
        });
    }

    // ---- settlement

    @Test
    void shouldAlwaysShowTheSameMessage() throws Exception {
        String topic = topic();
        HandInlet inlet = new HandInlet(PLENTY);
        started(name("s"), topic, inlet);

        send(topic, "x");

        eventually("the message", () -> inlet.taken().size() == 1);
        InboundDelivery delivery = inlet.taken(0);
        assertThat(delivery.message()).isSameAs(delivery.message());
        assertThat(delivery.message().topic()).isEqualTo(topic);
        assertThat(delivery.isRevoked()).isFalse();
        assertThat(delivery.settled(Outcome.COMPLETED)).isTrue();
    }

    @Test
    void shouldTakeNoSettlementAfterRevocation() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, first);
        send(topic, "x");
        eventually("the message", () -> first.taken().size() == 1);

        receiver.stop();

        assertThat(first.taken(0).isRevoked()).isTrue();
        assertThat(first.settle(0)).as("too late").isFalse();
        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).containsExactly("x"));
        assertThat(first.settle(0)).as("much too late").isFalse();
        assertThat(second.taken(0).isRevoked()).isFalse();
        assertThat(second.settle(0)).isTrue();
    }

    @Test
    void shouldAcknowledgeWhatWasSettledAndNothingElse() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, first);
        send(topic, numbers(5));
        eventually("the messages", () -> first.taken().size() == 5);

        for (int i = 0; i < 3; i++) {
            assertThat(first.settle(i)).isTrue();
        }
        receiver.quiesce();
        receiver.stop();

        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).containsExactly("3", "4"));
    }

    @Test
    void shouldNotAcknowledgeWhatIsUnsettledWithWhatIsSettledAfterIt() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, first);
        send(topic, numbers(5));
        eventually("the messages", () -> first.taken().size() == 5);

        for (int i = 4; i > 0; i--) {
            assertThat(first.settle(i)).isTrue();
        }
        receiver.quiesce();
        receiver.stop();

        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).contains("0"));
    }

    @Test
    void shouldTakeSettlementsFromManyThreads() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, first);
        send(topic, numbers(400));
        eventually("the messages", () -> first.taken().size() == 400);

        Crowd.start(8, settler -> {
                    for (int i = settler; i < 400; i += 8) {
                        assertThat(first.settle(i)).isTrue();
                    }
                })
                .join(fixture().patience());
        receiver.quiesce();
        receiver.stop();

        send(topic, "marker");
        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).containsExactly("marker"));
    }

    @Test
    void shouldAcknowledgeWhatAConditionRefused() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY).filter("1");
        Receiver receiver = started(id, topic, first);
        send(topic, numbers(3));
        eventually(() -> assertThat(first.texts()).containsExactly("0", "2"));
        assertThat(first.settle(0) && first.settle(1)).isTrue();

        receiver.quiesce();
        receiver.stop();

        send(topic, "marker");
        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).containsExactly("marker"));
    }

    @Test
    void shouldNotWaitAtAStopForWhatWasForgotten() throws Exception {
        String topic = topic();
        HandInlet inlet = new HandInlet(PLENTY);
        Receiver receiver = started(name("s"), topic, inlet);
        send(topic, "x", "y");
        eventually("the messages", () -> inlet.taken().size() == 2);

        assertThat(inlet.settle(0)).isTrue();
        assertThat(inlet.forget(1)).isTrue();
        receiver.quiesce();
        receiver.stop();

        assertThat(inlet.cancelled())
                .as("asked to end, although nothing ran any more")
                .isZero();
        assertThat(inlet.taken(1).isRevoked()).isTrue();
    }

    // ---- lifecycle

    @Test
    void shouldOfferNothingOnceItIsQuietAndStillTakeSettlements() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet first = new HandInlet(PLENTY);
        HandInlet other = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, first);
        started(name("other"), topic, other);
        send(topic, "x");
        eventually(
                "the message", () -> first.taken().size() == 1 && other.taken().size() == 1);

        receiver.quiesce();
        int offers = first.offers();
        String[] later = numbers(20); // many, so that a receiver that goes on is seen to
        send(topic, later);

        eventually("what another subscription gets", () -> other.taken().size() == 1 + later.length);
        assertThat(first.offers()).isEqualTo(offers);
        assertThat(first.settle(0)).isTrue();
        receiver.stop();
        HandInlet second = new HandInlet(PLENTY);
        started(id, topic, second);
        eventually(() -> assertThat(second.texts()).containsExactly(later));
    }

    @Test
    void shouldReceiveAgainAfterAStop() throws Exception {
        requires(Capability.DURABLE);
        String topic = topic();
        String id = name("s");
        HandInlet inlet = new HandInlet(PLENTY);
        Receiver receiver = started(id, topic, inlet);
        send(topic, "0", "1");
        eventually("the messages", () -> inlet.taken().size() == 2);
        assertThat(inlet.settle(0)).isTrue();

        receiver.quiesce();
        receiver.stop();
        send(topic, "2");
        start(receiver, id);

        eventually(() -> assertThat(inlet.texts()).containsExactly("0", "1", "1", "2"));
        assertThat(inlet.taken(1).isRevoked()).isTrue();
        assertThat(inlet.settle(1)).as("of the former turn").isFalse();
        assertThat(inlet.settle(2)).as("of this turn").isTrue();
    }

    @Test
    void shouldTakeEveryCallTwiceAndInAnyOrder() throws Exception {
        String topic = topic();
        String id = name("s");
        HandInlet inlet = new HandInlet(PLENTY);
        Receiver receiver = receiver(id, topic, inlet);

        receiver.quiesce();
        receiver.stop();
        start(receiver, id);
        receiver.start();
        send(topic, "x", "y");

        eventually("the messages", () -> inlet.taken().size() >= 2);
        assertThat(inlet.texts()).containsExactly("x", "y");
        receiver.quiesce();
        receiver.quiesce();
        receiver.stop();
        receiver.stop();
        assertThat(inlet.taken()).allMatch(InboundDelivery::isRevoked);
    }
}
