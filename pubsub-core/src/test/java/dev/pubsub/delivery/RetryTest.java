package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guarantees 5 and 6. */
class RetryTest {

    private static final Duration WAIT = Duration.ofMillis(100);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final List<Long> at = new CopyOnWriteArrayList<>();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    private PubSub failing(RetryPolicy policy, Throwable thrown) {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(spec(policy).build(), (m, d) -> {
            at.add(time.nanoTime());
            RetryTest.<RuntimeException>sneak(thrown);
        });
        engine.publish("t", "x");
        Soon.until(() -> at.size() == 1 && figures(engine, "s").active() == 0);
        return engine;
    }

    @Test
    void whatFellDueFirstIsAttemptedFirst() {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(spec(policy().build()).build(), (m, d) -> {
            if (d.attempt() == 1) {
                throw new RetryLaterException(Duration.ofSeconds((Integer) m.payload()));
            }
            handled.add(m.payload());
        });
        List.of(5, 1, 3).forEach(seconds -> engine.publish("t", seconds));
        Soon.until(() -> figures(engine, "s").parked() == 3);

        engine.subscription("s").orElseThrow().pause();
        time.advance(Duration.ofSeconds(10));
        engine.subscription("s").orElseThrow().resume();

        Soon.until(() -> handled.size() == 3);
        assertThat(handled).containsExactly(1, 3, 5);
    }

    private static SubscriptionSpec.Builder<Object> spec(RetryPolicy policy) {
        return SubscriptionSpec.builder("s", "t").retry(policy).circuitBreaker(BreakerPolicy.disabled());
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static RetryPolicy.Builder policy() {
        return RetryPolicy.builder().maxAttempts(3).waitDuration(WAIT).jitter(0);
    }

    private void advanceToEnd(PubSub engine) {
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofSeconds(10));
            Soon.until(
                    () -> figures(engine, "s").active() + figures(engine, "s").queued() == 0);
        }
    }

    private DeadLetter only(PubSub engine) {
        return engine.deadLetters().find(DeadLetterQuery.all()).get(0);
    }

    // ---- what is retried

    static Stream<Throwable> retried() {
        return Stream.of(
                new IllegalStateException("no"),
                new IOException("no"),
                new UncheckedIOException(new IOException("no")),
                new SocketTimeoutException("a failure like any other"),
                new Exception("no"));
    }

    @ParameterizedTest
    @MethodSource("retried")
    void exceptionsAreRetriedAsOftenAsThePolicySaysThenDeadLettered(Throwable thrown) {
        PubSub engine = failing(policy().build(), thrown);

        advanceToEnd(engine);

        assertThat(at).hasSize(3);
        assertThat(only(engine).reason()).isEqualTo(Reason.FAILURE);
        assertThat(only(engine).attempts()).isEqualTo(3);
        assertThat(figures(engine, "s").failures()).isEqualTo(3);
        assertThat(figures(engine, "s").retries()).isEqualTo(2);
    }

    static Stream<Throwable> unretried() {
        return Stream.of(
                new InterruptedException(),
                new CancellationException(),
                new ClosedByInterruptException(),
                new java.io.InterruptedIOException(),
                new HandlerTimeoutException("another one's"),
                new RejectMessageException("no"),
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new AssertionError("no"),
                new Throwable("of no kind"));
    }

    @ParameterizedTest
    @MethodSource("unretried")
    // FAULTS 3
    void interruptionsCancellationsTimeoutsErrorsAndRejectionsAreNotRetried(Throwable thrown) {
        PubSub engine = failing(policy().build(), thrown);

        advanceToEnd(engine);

        assertThat(at).hasSize(1);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
        assertThat(only(engine).attempts()).isEqualTo(1);
    }

    @Test
    // FAULTS 3
    void anInterruptionThatTheHandlerSwallowedReachesNoOtherMessage() {
        PubSub engine = engines.started();
        List<Boolean> flags = new CopyOnWriteArrayList<>();
        engine.subscribe(spec(policy().build()).build(), (m, d) -> {
            flags.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
        });
        for (int i = 0; i < 100; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(flags).hasSize(100).containsOnly(false);
        assertThat(figures(engine, "s").successes()).isEqualTo(100);
    }

    static Stream<Throwable> namedKinds() {
        return Stream.of(new InterruptedException(), new CancellationException(), new HandlerTimeoutException("late"));
    }

    @ParameterizedTest
    @MethodSource("namedKinds")
    void interruptionsCancellationsAndTimeoutsAreRetriedWhereThePolicyNamesThem(Throwable thrown) {
        PubSub engine =
                failing(policy().retryExceptions(Set.of(thrown.getClass())).build(), thrown);

        advanceToEnd(engine);

        assertThat(at).hasSize(3);
    }

    @Test
    void toNameExceptionDoesNotMeanToRetryInterruptions() {
        PubSub engine =
                failing(policy().retryExceptions(Set.of(Exception.class)).build(), new InterruptedException());

        advanceToEnd(engine);

        assertThat(at).hasSize(1);
    }

    @Test
    void onlyRetryExceptionsAreRetriedWhereThereAreAny() {
        PubSub engine =
                failing(policy().retryExceptions(Set.of(IOException.class)).build(), new IllegalStateException());

        advanceToEnd(engine);

        assertThat(at).hasSize(1);
    }

    @Test
    void ignoreExceptionsWinOverRetryExceptions() {
        PubSub engine = failing(
                policy().retryExceptions(Set.of(Exception.class))
                        .ignoreExceptions(Set.of(IllegalStateException.class))
                        .build(),
                new IllegalStateException());

        advanceToEnd(engine);

        assertThat(at).hasSize(1);
    }

    @Test
    void aDisabledPolicyMeansOneAttempt() {
        PubSub engine = failing(RetryPolicy.disabled(), new IllegalStateException());

        advanceToEnd(engine);

        assertThat(at).hasSize(1);
    }

    // ---- when

    @Test
    void waitsGrowByTheMultiplierUpToTheirMaximum() {
        PubSub engine = failing(
                policy().maxAttempts(6).maxWaitDuration(Duration.ofMillis(400)).build(), new IllegalStateException());

        for (int i = 2; i <= 6; i++) {
            int attempt = i;
            Soon.until(() -> figures(engine, "s").parked() == 1);
            while (at.size() < attempt && figures(engine, "s").parked() == 1) {
                time.advance(Duration.ofMillis(1));
            }
            Soon.until(() -> at.size() == attempt && figures(engine, "s").active() == 0);
        }

        List<Long> waits = new ArrayList<>();
        for (int i = 1; i < at.size(); i++) {
            waits.add((at.get(i) - at.get(i - 1)) / 1_000_000);
        }
        assertThat(waits).containsExactly(100L, 200L, 400L, 400L, 400L);
        awaitQuiet(engine);
    }

    @Test
    void jitterSpreadsTheWaitsWithinItsBoundsAndTheMaximum() {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(
                spec(policy().jitter(0.5)
                                .maxWaitDuration(Duration.ofMillis(120))
                                .build())
                        .build(),
                (m, d) -> {
                    if (d.attempt() == 1) {
                        throw new IllegalStateException("no");
                    }
                    at.add(time.nanoTime() / 1_000_000);
                });
        for (int i = 0; i < 300; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 300);
        for (int i = 0; i < 130; i++) {
            time.advance(Duration.ofMillis(1));
            Soon.until(
                    () -> figures(engine, "s").active() + figures(engine, "s").queued() == 0);
        }

        assertThat(at).hasSize(300).allMatch(millis -> millis >= 50 && millis <= 121);
        assertThat(at.stream().distinct().count()).as("different waits").isGreaterThan(30);
    }

    @Test
    void retryLaterWaitsExactlyThatLongAndCountsAsAnAttemptWhateverTheRetrySettings() {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        engine.subscribe(spec(RetryPolicy.disabled()).build(), (m, d) -> {
            attempts.add(d.attempt());
            if (d.attempt() < 5) {
                throw new RetryLaterException(Duration.ofMinutes(3));
            }
        });
        engine.publish("t", "x");
        for (int i = 1; i < 5; i++) {
            int attempt = i;
            Soon.until(() -> attempts.size() == attempt && figures(engine, "s").parked() == 1);
            time.advance(Duration.ofMinutes(3).minusNanos(1));
            assertThat(figures(engine, "s").parked()).isEqualTo(1);
            time.advance(Duration.ofNanos(1));
        }
        awaitQuiet(engine);

        assertThat(attempts).containsExactly(1, 2, 3, 4, 5);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(figures(engine, "s").failures()).isZero();
        assertThat(figures(engine, "s").rejected()).isEqualTo(4);
    }

    // ---- guarantee 6

    @Test
    void waitingTakesNoThreadAndHoldsBackNothingWithoutAnOrder() {
        PubSub engine = waiting(Ordering.NONE);

        Soon.until(() -> handled.containsAll(List.of("a2", "b1")));
        assertThat(figures(engine, "s").parked()).isEqualTo(1);
        assertThat(figures(engine, "s").active()).isZero();
        time.advance(WAIT);
        awaitQuiet(engine);
        assertThat(handled).endsWith("a1");
    }

    @Test
    void waitingHoldsBackOnlyItsOwnKey() {
        PubSub engine = waiting(Ordering.KEY);

        Soon.until(() -> handled.contains("b1"));
        assertThat(handled).containsExactly("b1");
        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        time.advance(WAIT);
        awaitQuiet(engine);
        assertThat(handled).containsExactly("b1", "a1", "a2");
    }

    @Test
    void waitingHoldsBackOnlyItsOwnTopic() {
        PubSub engine = waiting(Ordering.TOPIC);

        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(handled).isEmpty();
        assertThat(figures(engine, "s").queued()).isEqualTo(2);
        time.advance(WAIT);
        awaitQuiet(engine);
        assertThat(handled).containsExactly("a1", "a2", "b1");
    }

    private PubSub waiting(Ordering ordering) {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(spec(policy().build()).ordering(ordering).build(), (m, d) -> {
            if (m.payload().equals("a1") && d.attempt() == 1) {
                throw new IllegalStateException("no");
            }
            handled.add(m.payload());
        });
        engine.publish("t", "a", "a1");
        engine.publish("t", "a", "a2");
        engine.publish("t", "b", "b1");
        Soon.until(() -> figures(engine, "s").parked() == 1);
        return engine;
    }

    @Test
    // FAULTS 18
    void aHandlerThatAlwaysFailsIsCalledAsOftenAsThePolicySaysAndNeverSpins() {
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(spec(policy().maxAttempts(4).jitter(0.5).build()).build(), (m, d) -> {
            at.add(time.nanoTime());
            throw new IllegalStateException("always");
        });
        for (int i = 0; i < 50; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 50);
        assertThat(time.timers())
                .as("one timer for all that wait, and the watchdog's")
                .isLessThanOrEqualTo(2);
        advanceToEnd(engine);

        assertThat(at).hasSize(200);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(50);
        assertThat(figures(engine, "s").parked()).isZero();
    }

    @Test
    void aTimeoutIsRetriedWhereThePolicyNamesIt() {
        Stubborn stubborn = new Stubborn();
        PubSub engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(
                spec(policy().retryExceptions(Set.of(HandlerTimeoutException.class))
                                .build())
                        .timeout(Duration.ofSeconds(1))
                        .build(),
                (m, d) -> {
                    if (d.attempt() == 1) {
                        stubborn.hang();
                    }
                });
        engine.publish("t", "x");
        stubborn.awaitInside(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(figures(engine, "s").parked()).isEqualTo(1);
        time.advance(WAIT);
        awaitQuiet(engine);
        stubborn.release();

        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
    }
}
