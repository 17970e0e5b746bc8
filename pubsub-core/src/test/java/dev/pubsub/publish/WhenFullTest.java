package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.QueueFullException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code when-full}: a subscription that sheds its own copies instead of refusing everybody's publish. */
class WhenFullTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private static Subscription pausedAndFull(PubSub engine, WhenFull whenFull) {
        Subscription shedding = engine.subscribe(
                SubscriptionSpec.builder("shedding", "t")
                        .queueCapacity(1)
                        .whenFull(whenFull)
                        .build(),
                (m, d) -> {});
        shedding.pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
        return shedding;
    }

    @Test
    void aCopyWithoutRoomBecomesADeadLetterOfItsSubscription() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        pausedAndFull(engine, WhenFull.DEAD_LETTER);

        assertThat(engine.publish("t", "shed").subscriptions()).isEqualTo(1);

        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.OVERFLOW);
                    assertThat(letter.subscriptionId()).isEqualTo("shedding");
                    assertThat(letter.attempts()).isZero();
                    assertThat(letter.message().payload()).isEqualTo("shed");
                    assertThat(letter.exceptionType()).isNull();
                });
        assertThat(figures(engine, "shedding").accepted()).isEqualTo(3);
        assertThat(figures(engine, "shedding").deadLettered()).isEqualTo(1);
        assertThat(figures(engine, "shedding").queued()).isEqualTo(2);
        assertBalanced(engine);
    }

    @Test
    void aCopyWithoutRoomIsDiscardedAndCounted() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        pausedAndFull(engine, WhenFull.DISCARD);

        assertThat(engine.publish("t", "shed").subscriptions()).isEqualTo(1);

        assertThat(engine.deadLetters().size()).isZero();
        assertThat(figures(engine, "shedding").accepted()).isEqualTo(3);
        assertThat(figures(engine, "shedding").discarded()).isEqualTo(1);
        assertBalanced(engine);
    }

    @Test
    void deliverReportsWhatBecameOfTheShedCopy() throws Exception {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        pausedAndFull(engine, WhenFull.DEAD_LETTER);
        engine.subscribe(SubscriptionSpec.builder("other", "t").build(), (m, d) -> {});

        assertThat(engine.deliver(Message.of("t", "shed"))
                        .get(10, TimeUnit.SECONDS)
                        .outcomes())
                .containsOnly(
                        java.util.Map.entry("shedding", Outcome.DEAD_LETTERED),
                        java.util.Map.entry("other", Outcome.COMPLETED));
    }

    @Test
    void nothingIsShedWhereAnotherSubscriptionRefuses() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        pausedAndFull(engine, WhenFull.DEAD_LETTER);
        engine.subscribe(
                        SubscriptionSpec.builder("zz-refusing", "t")
                                .queueCapacity(1)
                                .build(),
                        (m, d) -> {})
                .pause();
        engine.publish("t", 3);
        engine.publish("t", 4);

        assertThatThrownBy(() -> engine.publish("t", 5))
                .isInstanceOfSatisfying(QueueFullException.class, full -> assertThat(full.subscriptionId())
                        .isEqualTo("zz-refusing"));

        assertThat(figures(engine, "shedding").accepted()).isEqualTo(4);
        assertThat(engine.deadLetters().size()).isEqualTo(2);
        assertBalanced(engine);
    }

    @ParameterizedTest
    @EnumSource(
            value = WhenFull.class,
            names = {"DEAD_LETTER", "DISCARD"})
    void underLoadNoPublishIsEverRefusedAndEveryCopyIsCounted(WhenFull whenFull) throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).publishTimeout(Duration.ofNanos(1)));
        engine.subscribe(
                SubscriptionSpec.builder("shedding", "t")
                        .queueCapacity(1)
                        .whenFull(whenFull)
                        .build(),
                (m, d) -> {});
        List<Caller<?>> callers = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            callers.add(Caller.of(() -> {
                for (int i = 0; i < 500; i++) {
                    assertThat(engine.publish("t", i).subscriptions()).isEqualTo(1);
                }
                return null;
            }));
        }
        for (Caller<?> caller : callers) {
            caller.result();
        }
        awaitQuiet(engine);
        var figures = figures(engine, "shedding");
        assertThat(figures.accepted()).isEqualTo(2_000);
        assertThat(figures.completed() + figures.deadLettered() + figures.discarded())
                .isEqualTo(2_000);
        assertThat(engine.deadLetters().size()).isEqualTo((int) figures.deadLettered());
    }
}
