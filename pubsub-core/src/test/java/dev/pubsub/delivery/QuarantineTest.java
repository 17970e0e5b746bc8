package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.Subscription.State;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A subscription with max-abandoned handlers that run on. */
class QuarantineTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final Stubborn first = new Stubborn();
    private final Stubborn second = new Stubborn();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() {
        first.release();
        second.release();
    }

    private Subscription subscribe(PubSub engine, SubscriptionSpec.Builder<Object> spec) {
        return engine.subscribe(spec.timeout(TIMEOUT).maxAbandoned(2).build(), (m, d) -> {
            switch (m.payload().toString()) {
                case "first" -> first.hang();
                case "second" -> second.hang();
                default -> handled.add(m.payload());
            }
        });
    }

    private PubSub engine() {
        return engines.started(builder -> builder.timeSource(time).scheduler(time));
    }

    private void quarantine(PubSub engine) {
        engine.publish("t", "k1", "first");
        first.awaitInside(1);
        time.advance(TIMEOUT);
        engine.publish("t", "k2", "second");
        second.awaitInside(1);
        time.advance(TIMEOUT);
        assertThat(figures(engine, "s").state()).isEqualTo(State.QUARANTINED);
    }

    @Test
    void belowItsMaximumOfAbandonedHandlersItGoesOn() {
        PubSub engine = engine();
        subscribe(engine, SubscriptionSpec.builder("s", "t"));
        engine.publish("t", "first");
        first.awaitInside(1);
        time.advance(TIMEOUT);
        engine.publish("t", "good");

        awaitQuiet(engine);

        assertThat(handled).containsExactly("good");
        assertThat(figures(engine, "s").state()).isEqualTo(State.RUNNING);
    }

    @Test
    void whatItAcceptsWhileQuarantinedIsDeadLetteredAtOnceWithoutAnAttempt() {
        PubSub engine = engine();
        subscribe(engine, SubscriptionSpec.builder("s", "t"));
        quarantine(engine);

        assertThat(engine.publish("t", "late").subscriptions()).isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handled).isEmpty();
        List<DeadLetter> letters = engine.deadLetters()
                .find(DeadLetterQuery.builder().reason(Reason.QUARANTINED).build());
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isZero();
            assertThat(letter.exceptionType()).isNull();
        });
        assertThat(figures(engine, "s").pausedBy()).isEqualTo("quarantine");
    }

    @Test
    void whatWaitedWhenItWasQuarantinedIsDeadLetteredToo() {
        PubSub engine = engine();
        subscribe(engine, SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY));
        engine.publish("t", "k1", "first");
        first.awaitInside(1);
        engine.publish("t", "k1", "follower of an abandoned one");
        time.advance(TIMEOUT);
        engine.publish("t", "k2", "second");
        second.awaitInside(1);
        engine.publish("t", "k3", "queued");
        time.advance(TIMEOUT);

        awaitQuiet(engine);

        assertThat(handled).isEmpty();
        assertThat(engine.deadLetters()
                        .count(DeadLetterQuery.builder()
                                .reason(Reason.QUARANTINED)
                                .build()))
                .isEqualTo(2);
    }

    @Test
    void itIsLoggedOnceAsAnError() {
        PubSub engine = engine();
        subscribe(engine, SubscriptionSpec.builder("s", "t"));
        quarantine(engine);

        assertThat(log.lines(Level.ERROR))
                .singleElement()
                .asString()
                .contains("'s' is quarantined", "2 handlers run on");
    }

    @Test
    void itCannotBeResumedBeforeFewerAreLeft() {
        PubSub engine = engine();
        Subscription subscription = subscribe(engine, SubscriptionSpec.builder("s", "t"));
        quarantine(engine);

        assertThatThrownBy(subscription::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 abandoned handlers still run");
        assertThat(subscription.state()).isEqualTo(State.QUARANTINED);
    }

    @Test
    void itStaysQuarantinedUntilItIsResumedEvenIfAllHaveReturned() {
        PubSub engine = engine();
        Subscription subscription = subscribe(engine, SubscriptionSpec.builder("s", "t"));
        quarantine(engine);
        first.release();
        Soon.until(() -> figures(engine, "s").abandoned() == 1);
        assertThat(subscription.state()).isEqualTo(State.QUARANTINED);

        subscription.resume();

        engine.publish("t", "good");
        awaitQuiet(engine);
        assertThat(subscription.state()).isEqualTo(State.RUNNING);
        assertThat(handled).containsExactly("good");
    }

    @Test
    void itsDeadLettersCannotBeReplayedBeforeItIsResumed() {
        PubSub engine = engine();
        Subscription subscription = subscribe(engine, SubscriptionSpec.builder("s", "t"));
        quarantine(engine);
        engine.publish("t", "late");
        awaitQuiet(engine);
        String id = engine.deadLetters()
                .find(DeadLetterQuery.builder().reason(Reason.QUARANTINED).build())
                .get(0)
                .id();

        assertThatThrownBy(() -> engine.deadLetters().replay(id))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("QUARANTINED");
        assertThat(engine.deadLetters().get(id)).isPresent();

        first.release();
        Soon.until(() -> figures(engine, "s").abandoned() == 1);
        subscription.resume();
        assertThat(engine.deadLetters().replay(id)).isTrue();
        awaitQuiet(engine);
        assertThat(handled).containsExactly("late");
    }
}
