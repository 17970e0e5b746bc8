package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BatchReceipt;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Interrupting a publisher that waits ends the wait; the flag is restored, and nothing was accepted. */
class InterruptedPublisherTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private PubSub engine;

    @BeforeEach
    void anEngineWithAFullSubscriptionAndOneSlot() {
        engine = engines.started(builder -> builder.overflow(Overflow.BLOCK)
                .publishTimeout(Duration.ofDays(1))
                .maxConcurrentPublishes(1));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
    }

    private record Ending(Throwable thrown, boolean flag) {}

    private static Ending ending(Callable<?> call) {
        try {
            return new Ending(new AssertionError("returned " + call.call()), Thread.interrupted());
        } catch (Throwable thrown) {
            return new Ending(thrown, Thread.interrupted());
        }
    }

    @Test
    void aPublishThatWaitsForRoomIsCancelled() throws Exception {
        Caller<Ending> caller =
                Caller.of(() -> ending(() -> engine.publish("t", 3))).awaitWaiting();

        caller.thread().interrupt();

        assertThat(caller.result().thrown())
                .isInstanceOf(PublishCancelledException.class)
                .hasMessageContaining("'full'")
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(caller.result().flag()).isTrue();
        assertThat(((PublishCancelledException) caller.result().thrown()).outcomeUnknown())
                .isFalse();
        assertThat(figures(engine, "full").accepted()).isEqualTo(2);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
    }

    @Test
    void aPublishThatWaitsForASlotIsCancelled() throws Exception {
        Caller<PublishReceipt> holder = Caller.of(() -> engine.publish("t", 3)).awaitWaiting();
        Caller<Ending> caller =
                Caller.of(() -> ending(() -> engine.publish("other", 4))).awaitWaiting();

        caller.thread().interrupt();

        assertThat(caller.result().thrown())
                .isInstanceOf(PublishCancelledException.class)
                .hasMessageContaining("slot");
        assertThat(caller.result().flag()).isTrue();
        assertThat(holder.isDone()).isFalse();
        holder.thread().interrupt();
        assertThat(holder.failure()).isInstanceOf(PublishCancelledException.class);
    }

    @Test
    void aPublishThatNeedNotWaitIsNotDisturbedAndKeepsTheFlag() throws Exception {
        Caller<Boolean> caller = Caller.of(() -> {
            Thread.currentThread().interrupt();
            engine.publish("other", 3);
            return Thread.interrupted();
        });

        assertThat(caller.result()).isTrue();
    }

    @Test
    void aBatchGoesOnForThoseWithRoomAndKeepsTheFlag() throws Exception {
        Caller<BatchReceipt> caller = Caller.of(() -> {
                    BatchReceipt receipt =
                            engine.publishAll(List.of(Message.of("t", 3), Message.of("other", 4), Message.of("t", 5)));
                    assertThat(Thread.interrupted()).isTrue();
                    return receipt;
                })
                .awaitWaiting();

        caller.thread().interrupt();

        assertThat(caller.result().items().get(0).error()).isInstanceOf(PublishCancelledException.class);
        assertThat(caller.result().items().get(1).error()).isNull();
        assertThat(caller.result().items().get(2).error()).isInstanceOf(PublishCancelledException.class);
    }

    @Test
    void aDeliverThatWaitsFailsItsFuture() throws Exception {
        Caller<Ending> caller = Caller.of(() -> {
                    var future = engine.deliver(Message.of("t", 3));
                    boolean flag = Thread.interrupted();
                    return new Ending(ending(future::get).thrown(), flag);
                })
                .awaitWaiting();

        caller.thread().interrupt();

        assertThat(caller.result().thrown()).hasCauseInstanceOf(PublishCancelledException.class);
        assertThat(caller.result().flag()).isTrue();
    }
}
