package dev.pubsub.deadletter;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters.Replay;
import dev.pubsub.DeadLetters.Replay.State;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many dead letters, replayed in the background. */
class BulkReplayTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final List<Object> completed = new CopyOnWriteArrayList<>();
    private volatile boolean failing = true;

    private PubSub withDeadLetters(int count) {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        subscribe(engine, "s", "t", 100);
        for (int i = 0; i < count; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        assertThat(engine.deadLetters().size()).isEqualTo(count);
        failing = false;
        return engine;
    }

    private void subscribe(PubSub engine, String id, String topic, int capacity) {
        engine.subscribe(
                SubscriptionSpec.builder(id, topic).queueCapacity(capacity).build(), (m, d) -> {
                    if (failing) {
                        throw new RejectMessageException("no");
                    }
                    completed.add(m.payload());
                });
    }

    @Test
    void itKeepsToItsRate() {
        PubSub engine = withDeadLetters(10);
        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), 2);

        time.advance(Duration.ZERO);
        assertThat(replay.replayed()).isEqualTo(1);
        time.advance(Duration.ofMillis(499));
        assertThat(replay.replayed()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertThat(replay.replayed()).isEqualTo(2);
        time.advance(Duration.ofSeconds(2));
        assertThat(replay.replayed()).isEqualTo(6);
        assertThat(replay.state()).isEqualTo(State.RUNNING);
        time.advance(Duration.ofSeconds(2));
        awaitQuiet(engine);
        assertThat(replay.replayed()).isEqualTo(10);
        assertThat(replay.matched()).isEqualTo(10);
        assertThat(replay.refused()).isZero();
        assertThat(replay.state()).isEqualTo(State.DONE);
        assertThat(completed).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void aStopEndsItAndTheRestStays() {
        PubSub engine = withDeadLetters(10);
        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), 1);
        time.advance(Duration.ofSeconds(2));

        replay.stop();
        time.advance(Duration.ofHours(1));

        awaitQuiet(engine);
        assertThat(replay.state()).isEqualTo(State.STOPPED);
        assertThat(replay.replayed()).isEqualTo(3);
        assertThat(engine.deadLetters().size()).isEqualTo(7);
        assertThat(engine.deadLetters().replays()).contains(replay);
    }

    @Test
    void withoutRoomItWaitsForRoomAndDoesNotMakeUpForTheWaitInABurst() {
        PubSub engine = withDeadLetters(20);
        engine.subscription("s").orElseThrow().pause();
        for (int i = 0; i < 101; i++) {
            engine.publish("t", "fills");
        }
        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), 1);
        time.advance(Duration.ofMinutes(1));
        assertThat(replay.replayed()).isZero();

        engine.subscription("s").orElseThrow().resume();
        awaitQuiet(engine);
        time.advance(Duration.ofSeconds(2));

        awaitQuiet(engine);
        assertThat(replay.replayed()).isBetween(2, 3);
        time.advance(Duration.ofSeconds(30));
        assertThat(replay.state()).isEqualTo(State.DONE);
    }

    @Test
    void oneFullSubscriptionDoesNotKeepTheOthersWaiting() {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        subscribe(engine, "full", "f", 1);
        subscribe(engine, "free", "g", 100);
        for (int i = 0; i < 3; i++) {
            engine.publish("f", "f");
            awaitQuiet(engine);
            engine.publish("g", "g" + i);
        }
        awaitQuiet(engine);
        failing = false;
        engine.subscription("full").orElseThrow().pause();
        engine.publish("f", "fills");
        engine.publish("f", "fills");

        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
        time.advance(Duration.ofMillis(100));

        dev.pubsub.testing.Soon.until(() -> figures(engine, "free").completed() == 3);
        assertThat(replay.state()).isEqualTo(State.RUNNING);
        engine.subscription("full").orElseThrow().resume();
        dev.pubsub.testing.Soon.until(() -> {
            time.advance(Duration.ofMillis(50));
            return replay.state() == State.DONE;
        });
        awaitQuiet(engine);
        assertThat(replay.replayed()).isEqualTo(6);
    }

    @Test
    void lettersWhoseSubscriptionIsGoneAreRefusedAndStay() {
        PubSub engine = withDeadLetters(3);
        engine.subscription("s").orElseThrow().close();

        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
        time.advance(Duration.ofMillis(1));

        assertThat(replay.refused()).isEqualTo(3);
        assertThat(replay.state()).isEqualTo(State.DONE);
        assertThat(engine.deadLetters().size()).isEqualTo(3);
    }

    @Test
    void aRateThatIsNoneIsRefused() {
        PubSub engine = withDeadLetters(1);
        assertThatThrownBy(() -> engine.deadLetters().replayAll(DeadLetterQuery.all(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate is 0.0");
        assertThatThrownBy(() -> engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
