package dev.pubsub.deadletter;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One dead letter, given to its subscription again. */
class ReplayTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final List<Integer> attempts = new CopyOnWriteArrayList<>();
    private final Stubborn stubborn = new Stubborn();
    private volatile boolean failing = true;

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private static SubscriptionSpec.Builder<Object> spec() {
        return SubscriptionSpec.builder("s", "t")
                .retry(RetryPolicy.builder()
                        .maxAttempts(2)
                        .waitDuration(Duration.ofMillis(1))
                        .build())
                .circuitBreaker(dev.pubsub.BreakerPolicy.disabled());
    }

    private PubSub withOneDeadLetter(SubscriptionSpec.Builder<Object> spec) {
        PubSub engine = engines.started();
        engine.subscribe(spec.build(), (m, d) -> {
            if (m.payload().equals("hang")) {
                stubborn.hang();
            } else {
                attempts.add(d.attempt());
                if (failing) {
                    throw new IllegalStateException("no " + attempts.size());
                }
            }
        });
        engine.publish("t", "x");
        Soon.until(() -> engine.deadLetters().size() == 1);
        awaitQuiet(engine);
        return engine;
    }

    private static DeadLetter only(PubSub engine) {
        List<DeadLetter> letters = engine.deadLetters().find(DeadLetterQuery.all());
        assertThat(letters).hasSize(1);
        return letters.get(0);
    }

    @Test
    void itGoesToTheFailedSubscriptionOnlyWithItsAttemptsAtZero() {
        PubSub engine = withOneDeadLetter(spec());
        List<Object> others = new CopyOnWriteArrayList<>();
        engine.subscribe(SubscriptionSpec.builder("other", "t").build(), (m, d) -> others.add(m.payload()));
        failing = false;

        assertThat(engine.deadLetters().replay(only(engine).id())).isTrue();

        awaitQuiet(engine);
        assertThat(attempts).containsExactly(1, 2, 1);
        assertThat(others).isEmpty();
        assertThat(engine.deadLetters().size()).isZero();
        assertThat(figures(engine, "s").accepted()).as("a new acceptance").isEqualTo(2);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void whatIsUnknownIsNotReplayed() {
        assertThat(engines.started().deadLetters().replay("dl-unknown")).isFalse();
    }

    @Test
    void itHappensOnceHoweverManyAskForItAtTheSameTime() throws Exception {
        failing = true;
        PubSub engine = withOneDeadLetter(spec());
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            for (int round = 0; round < 20; round++) {
                String id = only(engine).id();
                failing = round % 2 == 0;
                engine.subscription("s").orElseThrow().pause();
                List<Callable<Boolean>> calls = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    calls.add(() -> engine.deadLetters().replay(id));
                }
                int successes = 0;
                for (Future<Boolean> call : pool.invokeAll(calls)) {
                    successes += call.get() ? 1 : 0;
                }
                assertThat(successes).isEqualTo(1);
                engine.subscription("s").orElseThrow().resume();
                awaitQuiet(engine);
                if (!failing) {
                    failing = true;
                    engine.publish("t", "x");
                    Soon.until(() -> engine.deadLetters().size() == 1);
                }
                awaitQuiet(engine);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void withoutRoomItIsRefusedAndStays() {
        PubSub engine = withOneDeadLetter(spec().queueCapacity(1).concurrency(1));
        String id = only(engine).id();
        engine.publish("t", "hang");
        stubborn.awaitInside(1);
        engine.publish("t", "hang");

        assertThatThrownBy(() -> engine.deadLetters().replay(id))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("'s' has no room");

        assertThat(only(engine).id()).isEqualTo(id);
        assertThat(figures(engine, "s").accepted()).isEqualTo(3);
    }

    @Test
    void withoutItsSubscriptionItIsRefusedAndStays() {
        PubSub engine = withOneDeadLetter(spec());
        engine.subscription("s").orElseThrow().close();
        String id = only(engine).id();

        assertThatThrownBy(() -> engine.deadLetters().replay(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its subscription 's' does not exist any more");

        assertThat(only(engine).id()).isEqualTo(id);
    }

    @Test
    void afterAStopItIsRefusedAndStays() {
        PubSub engine = withOneDeadLetter(spec());
        engine.stop(Duration.ZERO);

        assertThatThrownBy(() -> engine.deadLetters().replay(only(engine).id()))
                .isInstanceOf(PubSubClosedException.class);

        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    // FAULTS 20
    void afterFiftyFailedReplaysItIsTheSameLetterAndHasNotGrown() {
        PubSub engine = withOneDeadLetter(spec());
        DeadLetter first = only(engine);
        for (int i = 0; i < 50; i++) {
            assertThat(engine.deadLetters().replay(first.id())).isTrue();
            Soon.until(() -> engine.deadLetters().size() == 1);
            awaitQuiet(engine);
        }

        DeadLetter last = only(engine);
        assertThat(last.id()).isEqualTo(first.id());
        assertThat(last.replays()).isEqualTo(50);
        assertThat(last.attempts()).isEqualTo(2);
        assertThat(last.message()).isEqualTo(first.message());
        assertThat(last.message().headers()).isEqualTo(first.message().headers());
        assertThat(last.exceptionMessage()).isEqualTo("no 102");
        assertThat(last.stackTrace()).hasSameSizeAs(first.stackTrace());
        assertThat(last.fingerprint()).isEqualTo(first.fingerprint());
    }

    @Test
    void aDiscardedLetterIsGoneForGood() {
        PubSub engine = withOneDeadLetter(spec());
        String id = only(engine).id();

        assertThat(engine.deadLetters().discard(id)).isTrue();

        assertThat(engine.deadLetters().discard(id)).isFalse();
        assertThat(engine.deadLetters().replay(id)).isFalse();
        assertThat(engine.deadLetters().size()).isZero();
    }

    @Test
    void manyAreDiscardedByTheirFilters() {
        PubSub engine = engines.started();
        for (String id : List.of("a", "b")) {
            engine.subscribe(SubscriptionSpec.builder(id, "t").build(), (m, d) -> {
                throw new RejectMessageException("no");
            });
        }
        for (int i = 0; i < 5; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(engine.deadLetters()
                        .discardAll(DeadLetterQuery.builder().subscription("a").build()))
                .isEqualTo(5);

        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .hasSize(5)
                .allSatisfy(letter -> assertThat(letter.subscriptionId()).isEqualTo("b"));
    }
}
