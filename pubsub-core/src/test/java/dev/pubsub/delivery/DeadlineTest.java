package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Delivery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.SlowStore;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 4, to the nanosecond, since time moves by hand. */
class DeadlineTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Stubborn stubborn = new Stubborn();
    private final AtomicReference<Delivery> seen = new AtomicReference<>();

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSub engine() {
        return engines.started(builder -> builder.timeSource(time).scheduler(time));
    }

    private PubSub withHangingHandler() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").timeout(TIMEOUT).build(), (m, d) -> {
            seen.set(d);
            hangInTheHandler();
        });
        engine.publish("t", "x");
        stubborn.awaitInside(1);
        return engine;
    }

    private void hangInTheHandler() {
        stubborn.hang();
    }

    @Test
    void anAttemptIsEndedAtItsDeadlineAndNotOneNanosecondBefore() {
        PubSub engine = withHangingHandler();

        time.advance(TIMEOUT.minusNanos(1));
        assertThat(figures(engine, "s").timeouts()).isZero();
        assertThat(figures(engine, "s").active()).isEqualTo(1);

        time.advance(Duration.ofNanos(1));
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
        assertThat(figures(engine, "s").active()).isZero();
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
    }

    @Test
    void aTimeoutIsADeadLetterWithTheStackThatTheHandlerHad() {
        PubSub engine = withHangingHandler();

        time.advance(TIMEOUT);

        DeadLetter letter =
                engine.deadLetters().find(DeadLetterQuery.all()).iterator().next();
        assertThat(letter.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.exceptionType()).isEqualTo(HandlerTimeoutException.class.getName());
        assertThat(letter.stackTrace())
                .contains(Stubborn.class.getName() + ".hang", DeadlineTest.class.getName() + ".hangInTheHandler");
    }

    @Test
    void theHandlerIsInterruptedAtItsDeadlineOnce() {
        withHangingHandler();

        time.advance(TIMEOUT);
        time.advance(TIMEOUT.multipliedBy(3));

        Soon.until(() -> stubborn.interrupts() == 1);
    }

    @Test
    void anExtensionMovesTheDeadlineToNowPlusItsLength() {
        PubSub engine = withHangingHandler();
        time.advance(Duration.ofMillis(50));

        assertThat(seen.get().extend(Duration.ofMillis(200))).isTrue();

        assertThat(seen.get().remaining()).isEqualTo(Duration.ofMillis(200));
        time.advance(Duration.ofMillis(200).minusNanos(1));
        assertThat(figures(engine, "s").timeouts()).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
    }

    @Test
    void anExtensionNeverMakesADeadlineEarlier() {
        PubSub engine = withHangingHandler();

        assertThat(seen.get().extend(Duration.ofMillis(1))).isTrue();

        assertThat(seen.get().remaining()).isEqualTo(TIMEOUT);
        time.advance(TIMEOUT.minusNanos(1));
        assertThat(figures(engine, "s").timeouts()).isZero();
    }

    @Test
    void anExtensionAfterTheDeadlineHasNoEffect() {
        PubSub engine = withHangingHandler();
        time.advance(TIMEOUT);

        assertThat(seen.get().extend(Duration.ofMinutes(1))).isFalse();

        assertThat(seen.get().remaining()).isZero();
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
    }

    @Test
    void anExtensionAfterTheHandlerHasReturnedHasNoEffect() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").timeout(TIMEOUT).build(), (m, d) -> seen.set(d));
        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(seen.get().extend(Duration.ofMinutes(1))).isFalse();
        assertThat(seen.get().remaining()).isZero();
        assertThat(seen.get().isCancelled()).isFalse();
    }

    @Test
    void aNegativeExtensionIsRefused() {
        withHangingHandler();

        assertThatThrownBy(() -> seen.get().extend(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.000000001S");
    }

    @Test
    void theHandlerSeesItsDeadlineAndWhatIsLeftOfIt() {
        Instant begin = Instant.ofEpochMilli(time.currentTimeMillis());
        withHangingHandler();

        assertThat(seen.get().deadline()).isEqualTo(begin.plus(TIMEOUT));
        assertThat(seen.get().remaining()).isEqualTo(TIMEOUT);
        time.advance(Duration.ofMillis(30));
        assertThat(seen.get().deadline()).isEqualTo(begin.plus(TIMEOUT));
        assertThat(seen.get().remaining()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void theHandlerSeesThatItIsCancelledOnlyOnceItsDeadlineHasPassed() {
        withHangingHandler();

        assertThat(seen.get().isCancelled()).isFalse();
        time.advance(TIMEOUT);
        assertThat(seen.get().isCancelled()).isTrue();
    }

    @Test
    void aJumpOfTheWallClockMovesNoDeadline() {
        PubSub engine = withHangingHandler();

        time.jumpWallClock(Duration.ofHours(1));
        time.advance(TIMEOUT.minusNanos(1));
        time.jumpWallClock(Duration.ofHours(-2));
        assertThat(figures(engine, "s").timeouts()).isZero();

        time.advance(Duration.ofNanos(1));
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
    }

    @Test
    void anAttemptHasItsWholeTimeHoweverLongTheOneBeforeTookToBeSettled() throws Exception {
        // the attempt before ends at 0; keeping its dead letter takes longer than the timeout
        CountDownLatch stored = new CountDownLatch(1);
        AtomicBoolean storing = new AtomicBoolean();
        PubSub engine = engines.started(
                builder -> builder.timeSource(time).scheduler(time).deadLetterStore(new SlowStore(() -> {
                    storing.set(true);
                    stored.await();
                })));
        engine.subscribe(SubscriptionSpec.builder("s", "t").timeout(TIMEOUT).build(), (m, d) -> {
            if (m.payload().equals("bad")) {
                throw new dev.pubsub.RejectMessageException("bad");
            }
            seen.set(d);
            stubborn.hang();
        });
        engine.publish("t", "bad");
        engine.publish("t", "good");
        Soon.until(storing::get);
        time.advance(TIMEOUT.multipliedBy(2));
        stored.countDown();
        stubborn.awaitInside(1);

        assertThat(seen.get().remaining()).isEqualTo(TIMEOUT);
        time.advance(TIMEOUT.minusNanos(1));
        assertThat(figures(engine, "s").timeouts()).isZero();
        time.advance(Duration.ofNanos(1));
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
    }
}
