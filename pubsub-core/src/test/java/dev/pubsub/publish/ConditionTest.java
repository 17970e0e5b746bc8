package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions are asked before acceptance. */
class ConditionTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final List<Object> handled = new CopyOnWriteArrayList<>();

    private void subscribe(PubSub engine, String id, Predicate<Message<?>> condition) {
        engine.subscribe(
                SubscriptionSpec.builder(id, "t").condition(condition).build(), (m, d) -> handled.add(m.payload()));
    }

    @Test
    void aRefusedCopyIsCountedAsFilteredAndInNoOtherFigure() {
        PubSub engine = engines.started();
        subscribe(engine, "even", message -> (int) message.payload() % 2 == 0);

        for (int i = 0; i < 10; i++) {
            assertThat(engine.publish("t", i).subscriptions()).isEqualTo(i % 2 == 0 ? 1 : 0);
        }

        awaitQuiet(engine);
        assertThat(handled).containsExactly(0, 2, 4, 6, 8);
        assertThat(figures(engine, "even").filtered()).isEqualTo(5);
        assertThat(figures(engine, "even").accepted()).isEqualTo(5);
        assertThat(figures(engine, "even").discarded()).isZero();
        assertThat(engine.snapshot().publisher().accepted()).isEqualTo(10);
        assertThat(engine.snapshot().publisher().unrouted()).isZero();
    }

    @Test
    void aConditionIsAskedOnceAMessageOnThePublishersThread() {
        PubSub engine = engines.started();
        AtomicInteger asked = new AtomicInteger();
        Thread caller = Thread.currentThread();
        subscribe(engine, "s", message -> {
            asked.incrementAndGet();
            return Thread.currentThread() == caller;
        });

        engine.publish("t", "x");

        awaitQuiet(engine);
        assertThat(asked).hasValue(1);
        assertThat(handled).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, StackOverflowError.class, OutOfMemoryError.class})
    void aConditionThatThrowsMakesItsCopyUndeliverableAndNoOther(Class<? extends Throwable> type) throws Exception {
        PubSub engine = engines.started();
        Throwable failure = type.getConstructor(String.class).newInstance("broken");
        subscribe(engine, "broken", message -> {
            throw sneaky(failure);
        });
        subscribe(engine, "sound", message -> true);

        var report = engine.deliver(Message.of("t", "x")).get(10, TimeUnit.SECONDS);

        assertThat(report.outcomes())
                .containsOnly(
                        java.util.Map.entry("broken", Outcome.DEAD_LETTERED),
                        java.util.Map.entry("sound", Outcome.COMPLETED));
        assertThat(handled).containsExactly("x");
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDELIVERABLE);
                    assertThat(letter.attempts()).isZero();
                    assertThat(letter.exceptionType()).isEqualTo(type.getName());
                });
        assertThat(figures(engine, "broken").retries()).isZero();
        assertThat(figures(engine, "broken").filtered()).isZero();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void aReplayOfAnUndeliverableCopyDoesNotAskTheConditionAgain() {
        PubSub engine = engines.started();
        AtomicInteger asked = new AtomicInteger();
        subscribe(engine, "s", message -> {
            asked.incrementAndGet();
            throw new IllegalStateException("broken");
        });
        engine.publish("t", "x");
        awaitQuiet(engine);

        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());

        awaitQuiet(engine);
        assertThat(asked).hasValue(1);
        assertThat(handled).containsExactly("x");
    }

    @Test
    void otherSubscriptionsAreServedByTheirPatternsAlone() {
        PubSub engine = engines.started();
        subscribe(engine, "never", message -> false);
        engine.subscribe(SubscriptionSpec.builder("always", "t").build(), (m, d) -> handled.add("always"));

        assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handled).containsExactly("always");
    }
}
