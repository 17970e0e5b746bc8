package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens around a handler that runs on after its deadline. */
class AbandonedHandlerTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Stubborn stubborn = new Stubborn();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSub engine() {
        return engines.started(builder -> builder.timeSource(time).scheduler(time));
    }

    private SubscriptionSpec.Builder<Object> spec() {
        return SubscriptionSpec.builder("s", "t.*").timeout(TIMEOUT);
    }

    private void handle(Message<?> message) {
        if (message.payload().equals("hang")) {
            stubborn.hang();
        } else {
            handled.add(message.payload());
        }
    }

    @Test
    void theSlotOfATimedOutAttemptIsFreeAtOnce() {
        PubSub engine = engine();
        engine.subscribe(spec().concurrency(1).build(), (m, d) -> handle(m));
        engine.publish("t.a", "hang");
        engine.publish("t.a", "next");
        stubborn.awaitInside(1);

        time.advance(TIMEOUT);

        awaitQuiet(engine);
        assertThat(handled).containsExactly("next");
        assertThat(figures(engine, "s").abandoned()).isEqualTo(1);
    }

    @Test
    void aLateCompletionSettlesNothingAndIsCounted() throws Exception {
        PubSub engine = engine();
        engine.subscribe(spec().build(), (m, d) -> handle(m));
        var report = engine.deliver(Message.of("t.a", "hang"));
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        assertThat(report.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("s", Outcome.DEAD_LETTERED);

        stubborn.release();

        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        assertThat(figures(engine, "s").completed()).isZero();
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
        assertThat(figures(engine, "s").successes()).isZero();
        assertThat(figures(engine, "s").abandoned()).isZero();
        assertThat(figures(engine, "s").abandonedTotal()).isEqualTo(1);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    void aLateExceptionSettlesNothingEither() {
        PubSub engine = engine();
        engine.subscribe(spec().build(), (m, d) -> {
            stubborn.hang();
            throw new IllegalStateException("too late");
        });
        engine.publish("t.a", "hang");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);

        stubborn.release();

        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        assertThat(figures(engine, "s").failures()).isZero();
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    void aTimedOutCopyGivesItsPlaceBackWhenItIsSettled() {
        PubSub engine = engines.started(
                builder -> builder.timeSource(time).scheduler(time).overflow(dev.pubsub.engine.Overflow.FAIL));
        engine.subscribe(spec().concurrency(1).queueCapacity(1).build(), (m, d) -> handle(m));
        engine.publish("t.a", "hang");
        stubborn.awaitInside(1);
        engine.publish("t.a", "hang");
        time.advance(TIMEOUT);
        stubborn.awaitInside(2);

        engine.publish("t.a", "taken, since the first has no place any more");

        time.advance(TIMEOUT);
        awaitQuiet(engine);
        assertThat(handled).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY", "TOPIC"})
    void whatFollowsInOrderWaitsUntilTheAbandonedHandlerHasReturned(Ordering ordering) {
        PubSub engine = engine();
        engine.subscribe(spec().ordering(ordering).concurrency(2).build(), (m, d) -> handle(m));
        engine.publish("t.a", "a", "hang");
        stubborn.awaitInside(1);
        engine.publish("t.a", "a", "same");
        engine.publish("t.b", "b", "other");
        time.advance(TIMEOUT);
        Soon.until(() -> handled.contains("other"));
        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(handled).containsExactly("other");
        assertThat(figures(engine, "s").queued()).isEqualTo(1);

        stubborn.release();

        awaitQuiet(engine);
        assertThat(handled).containsExactly("other", "same");
    }

    @Test
    void whatFollowsAnAbandonedHandlerIsDiscardedWhenTheSubscriptionIsClosed() {
        PubSub engine = engine();
        Subscription subscription =
                engine.subscribe(spec().ordering(Ordering.KEY).build(), (m, d) -> handle(m));
        engine.publish("t.a", "a", "hang");
        stubborn.awaitInside(1);
        var report = engine.deliver(Message.builder("t.a", "same").key("a").build());
        time.advance(TIMEOUT);

        subscription.close();

        Soon.until(report::isDone);
        assertThat(report.join().outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(handled).isEmpty();
    }

    @Test
    void aTimedOutCopyThatIsRetriedWaitsForItsOwnAbandonedHandler() {
        PubSub engine = engine();
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean together = new AtomicBoolean();
        engine.subscribe(
                spec().ordering(Ordering.KEY)
                        .concurrency(2)
                        .retry(dev.pubsub.RetryPolicy.builder()
                                .retryExceptions(Set.of(dev.pubsub.HandlerTimeoutException.class))
                                .waitDuration(Duration.ofMillis(10))
                                .jitter(0)
                                .build())
                        .build(),
                (m, d) -> {
                    if (calls.incrementAndGet() == 1) {
                        stubborn.hang();
                        together.set(calls.get() > 1);
                    }
                });
        engine.publish("t.a", "a", "x");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        time.advance(Duration.ofMillis(10));
        assertThat(figures(engine, "s").queued()).isEqualTo(1);

        stubborn.release();

        awaitQuiet(engine);
        assertThat(together).isFalse();
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void aThreadWhoseAttemptTimedOutTakesNoOtherMessage() {
        PubSub engine = engine();
        List<Thread> timedOut = new CopyOnWriteArrayList<>();
        Set<Thread> others = ConcurrentHashMap.newKeySet();
        engine.subscribe(spec().concurrency(2).maxAbandoned(100).build(), (m, d) -> {
            if (m.payload().equals("hang")) {
                timedOut.add(Thread.currentThread());
                stubborn.hang();
            } else {
                others.add(Thread.currentThread());
            }
        });
        for (int i = 1; i <= 4; i++) {
            engine.publish("t.a", "hang");
            stubborn.awaitInside(i);
            time.advance(TIMEOUT);
        }
        stubborn.release();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 4);
        for (int i = 0; i < 200; i++) {
            engine.publish("t.a", i);
        }
        awaitQuiet(engine);

        assertThat(others).isNotEmpty().doesNotContainAnyElementsOf(timedOut);
        Soon.until(() -> timedOut.stream().noneMatch(Thread::isAlive));
    }

    @Test
    // FAULTS 4
    void aHandlerThatHangsIsInterruptedAbandonedCountedAndCapped() {
        PubSub engine = engine();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> spinning = new CopyOnWriteArrayList<>();
        engine.subscribe(spec().maxAbandoned(2).build(), (m, d) -> {
            if (m.payload().equals("spin")) {
                spinning.add(Thread.currentThread());
                while (!stop.get()) {
                    Thread.onSpinWait();
                }
            } else {
                handle(m);
            }
        });
        engine.publish("t.a", "spin");
        Soon.until(() -> spinning.size() == 1);
        time.advance(TIMEOUT);
        assertThat(spinning.get(0).isInterrupted()).isTrue();
        engine.publish("t.a", "hang");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        assertThat(figures(engine, "s").abandoned()).isEqualTo(2);
        assertThat(figures(engine, "s").state()).isEqualTo(Subscription.State.QUARANTINED);

        engine.publish("t.a", "never");
        awaitQuiet(engine);
        assertThat(handled).isEmpty();
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .extracting(letter -> letter.reason().name())
                .containsExactly("TIMEOUT", "TIMEOUT", "QUARANTINED");

        stop.set(true);
        stubborn.release();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 2);
        assertThat(figures(engine, "s").completed()).isZero();
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(3);
        List<Thread> all = new ArrayList<>(spinning);
        Soon.until(() -> all.stream().noneMatch(Thread::isAlive));
    }
}
