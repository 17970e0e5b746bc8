package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PublishReceipt;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 12. */
class BeforeStartAndAfterStopTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final List<Object> handled = new CopyOnWriteArrayList<>();

    private PubSub unstarted() {
        PubSub engine =
                engines.unstarted(builder -> builder.overflow(Overflow.BLOCK).publishTimeout(A_DAY));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").queueCapacity(2).build(), (m, d) -> handled.add(m.payload()));
        return engine;
    }

    @Test
    void beforeTheStartMessagesAreAcceptedUpToThePlacesAndNotDelivered() {
        PubSub engine = unstarted();

        for (int i = 0; i < 3; i++) {
            assertThat(engine.publish("t", i).subscriptions()).isEqualTo(1);
        }

        assertThat(engine.snapshot().state()).isEqualTo(PubSubSnapshot.State.NEW);
        assertThat(figures(engine, "s").queued()).isEqualTo(3);
        assertThat(handled).isEmpty();
        engine.start();
        awaitQuiet(engine);
        assertThat(handled).containsExactly(0, 1, 2);
    }

    @Test
    void beforeTheStartAPublishNeverWaitsForRoom() throws Exception {
        PubSub engine = unstarted();
        for (int i = 0; i < 3; i++) {
            engine.publish("t", i);
        }

        assertThat(Caller.of(() -> engine.publish("t", 3)).failure())
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("not started");
        assertThat(Caller.of(() ->
                                engine.publishAll(List.of(Message.of("t", 4))).rejected())
                        .result())
                .isEqualTo(1);
    }

    @Test
    void whatWasAcceptedBeforeTheStartIsReportedByDeliver() throws Exception {
        PubSub engine = unstarted();
        var future = engine.deliver(Message.of("t", 1));
        assertThat(future).isNotDone();

        engine.start();

        assertThat(future.get(10, TimeUnit.SECONDS).outcomes()).hasSize(1);
    }

    @Test
    void afterAStopEveryPublishIsRefusedUntilTheNextStart() {
        PubSub engine = unstarted();
        engine.start();
        engine.stop(Duration.ZERO);

        isRefused(engine);
        engine.start();
        assertThat(engine.publish("t", "again").subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(handled).containsExactly("again");
        engine.close();
        isRefused(engine);
    }

    @Test
    void anEngineThatIsStoppedBeforeItWasStartedRefusesAndKeepsWhatItHad() {
        PubSub engine = unstarted();
        engine.publish("t", 1);

        engine.stop(Duration.ZERO);

        isRefused(engine);
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        engine.start();
        awaitQuiet(engine);
        assertThat(handled).containsExactly(1);
    }

    private static void isRefused(PubSub engine) {
        assertThatThrownBy(() -> engine.publish("t", 1)).isInstanceOf(PubSubClosedException.class);
        assertThatThrownBy(() -> engine.publishAll(List.of(Message.of("t", 1))))
                .isInstanceOf(PubSubClosedException.class);
        assertThat(engine.publishAsync(Message.of("t", 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PubSubClosedException.class);
        assertThat(engine.deliver(Message.of("t", 1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PubSubClosedException.class);
    }

    @Test
    void aCallThatWaitsForRoomWhileTheEngineStopsIsRefused() throws Exception {
        PubSub engine = unstarted();
        engine.start();
        engine.subscription("s").orElseThrow().pause();
        for (int i = 0; i < 3; i++) {
            engine.publish("t", i);
        }
        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();

        engine.stop(Duration.ofMillis(50));

        assertThat(waiting.failure()).isInstanceOf(PubSubClosedException.class);
        assertThat(figures(engine, "s").accepted()).isEqualTo(3);
    }
}
