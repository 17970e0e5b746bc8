package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeliveryReport;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import dev.pubsub.testing.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A listener is told of each message, each attempt and each settlement once. */
class MessageListenerTest {

    private static final Duration TIMEOUT = Duration.ofMillis(100);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final Told told = new Told();
    private final ManualTime time = new ManualTime();
    private final Stubborn stubborn = new Stubborn();

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSub engine() {
        return engine(builder -> builder);
    }

    private PubSub engine(UnaryOperator<PubSubBuilder> settings) {
        return engines.started(
                builder -> settings.apply(builder.messageListener(told)).overflow(Overflow.FAIL));
    }

    private PubSub engineWithManualTime() {
        return engine(builder -> builder.timeSource(time).scheduler(time));
    }

    private static SubscriptionSpec.Builder<Object> spec(String id) {
        return SubscriptionSpec.builder(id, "t");
    }

    private static RetryPolicy attempts(int max) {
        return RetryPolicy.builder()
                .maxAttempts(max)
                .waitDuration(Duration.ofMillis(1))
                .build();
    }

    // ---- accepted and refused

    @Test
    void whoTookACopyAndWhoseConditionRefusedIt() {
        PubSub engine = engine();
        engine.subscribe(spec("a").condition(m -> false).build(), (m, d) -> {});
        engine.subscribe(spec("b").build(), (m, d) -> {});
        engine.subscribe(spec("c").condition(m -> false).build(), (m, d) -> {});
        engine.subscribe(spec("d").condition(m -> true).build(), (m, d) -> {});
        engine.subscribe(spec("stopped").autoStartup(false).build(), (m, d) -> {});

        engine.publish("t", "x");
        engine.publish("nobody", "y");

        told.awaitQuiet(engine);
        assertThat(told.of("x")).contains("x accepted by [b, d] not [a, c]").hasSize(5);
        assertThat(told.of("y")).containsExactly("y accepted by []");
    }

    @Test
    void aConditionThatThrowsMakesItsCopyUndeliverable() {
        PubSub engine = engine();
        engine.subscribe(
                spec("s")
                        .condition(m -> {
                            throw new IllegalStateException("no");
                        })
                        .build(),
                (m, d) -> {});

        engine.publish("t", "x");

        told.awaitQuiet(engine);
        assertThat(told.lines()).containsExactlyInAnyOrder("x accepted by [s]", "x s DEAD_LETTERED UNDELIVERABLE");
    }

    @Test
    void aRefusedMessageIsToldOnceHoweverItWasPublished() throws Exception {
        PubSub engine = engine();
        engine.subscribe(spec("s").queueCapacity(1).build(), (m, d) -> {}).pause();
        engine.publishAll(List.of(Message.of("t", 1), Message.of("t", 2)));

        assertThatThrownBy(() -> engine.publish("t", "sync")).isInstanceOf(QueueFullException.class);
        assertThat(engine.publishAsync(Message.of("t", "async"))).isCompletedExceptionally();
        assertThat(engine.deliver(Message.of("t", "deliver"))).isCompletedExceptionally();
        assertThat(engine.publishAll(Arrays.asList(Message.of("t", "batch"), null))
                        .rejected())
                .isEqualTo(2);
        assertThatThrownBy(() -> engine.publish("t", "", "empty key")).isInstanceOf(RuntimeException.class);

        assertThat(told.lines())
                .containsExactly(
                        "1 accepted by [s]",
                        "2 accepted by [s]",
                        "sync refused: QueueFullException",
                        "async refused: QueueFullException",
                        "deliver refused: QueueFullException",
                        "batch refused: QueueFullException",
                        "empty key refused: InvalidMessageException");
    }

    @Test
    void aBatchThatIsRefusedWholeIsToldForEachOfItsMessages() {
        PubSub engine = engine();
        engine.close();

        assertThatThrownBy(() -> engine.publishAll(List.of(Message.of("t", 1), Message.of("t", 2))))
                .isInstanceOf(PubSubClosedException.class);

        assertThat(told.lines())
                .containsExactly("1 refused: PubSubClosedException", "2 refused: PubSubClosedException");
    }

    @Test
    void inATransactionNothingIsToldBeforeTheCommit() {
        List<Runnable> admissions = new ArrayList<>();
        AtomicBoolean active = new AtomicBoolean(true);
        CommitHook hook = (admit, drop) -> active.get() && admissions.add(admit);
        PubSub engine = engine(builder -> builder.commitHook(hook));
        engine.subscribe(spec("s").queueCapacity(1).build(), (m, d) -> {}).pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
        engine.publish("t", 3);
        assertThat(told.lines()).isEmpty();

        active.set(false);
        admissions.forEach(Runnable::run);

        assertThat(told.lines())
                .containsExactly(
                        "1 accepted by [s]",
                        "2 accepted by [s]",
                        "3 refused: QueueFullException",
                        "3 accepted by [s]",
                        "3 s DEAD_LETTERED OVERFLOW");
    }

    // ---- attempts

    @Test
    void eachAttemptWithWhatTheHandlerThrew() {
        PubSub engine = engine();
        engine.subscribe(spec("s").retry(attempts(3)).build(), (m, d) -> {
            if (d.attempt() < 3) {
                throw new IllegalStateException("attempt " + d.attempt());
            }
        });

        engine.publish("t", "x");

        told.awaitQuiet(engine);
        assertThat(told.lines())
                .containsExactly(
                        "x accepted by [s]",
                        "x s attempt 1 FAILURE IllegalStateException",
                        "x s attempt 2 FAILURE IllegalStateException",
                        "x s attempt 3 SUCCESS",
                        "x s COMPLETED");
        assertThat(told.thrown()).extracting(Throwable::getMessage).containsExactly("attempt 1", "attempt 2");
        assertThat(told.times()).hasSize(3).allMatch(nanos -> nanos > 0);
    }

    @Test
    void whatIsNotRetried() {
        PubSub engine = engine();
        engine.subscribe(spec("s").build(), (m, d) -> {
            switch (m.payload().toString()) {
                case "rejected" -> throw new RejectMessageException("no");
                case "panic" -> throw new AssertionError("no");
                case "later" -> {
                    if (d.attempt() == 1) {
                        throw new RetryLaterException(Duration.ofMillis(1));
                    }
                }
                default -> throw new IllegalStateException();
            }
        });

        engine.publish("t", "rejected");
        engine.publish("t", "panic");
        engine.publish("t", "later");

        told.awaitQuiet(engine);
        assertThat(told.of("rejected"))
                .containsSubsequence(
                        "rejected s attempt 1 REJECTED RejectMessageException", "rejected s DEAD_LETTERED REJECTED")
                .hasSize(3);
        assertThat(told.of("panic"))
                .containsSubsequence("panic s attempt 1 PANIC AssertionError", "panic s DEAD_LETTERED PANIC")
                .hasSize(3);
        assertThat(told.of("later"))
                .containsSubsequence(
                        "later s attempt 1 REJECTED RetryLaterException",
                        "later s attempt 2 SUCCESS",
                        "later s COMPLETED")
                .hasSize(4);
    }

    @Test
    void aDeadlineEndsTheAttemptAndItsLateCompletionIsNotTold() {
        PubSub engine = engineWithManualTime();
        engine.subscribe(spec("s").timeout(TIMEOUT).build(), (m, d) -> stubborn.hang());
        engine.publish("t", "x");
        stubborn.awaitInside(1);

        time.advance(TIMEOUT);
        stubborn.release();

        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        assertThat(told.lines())
                .containsExactly(
                        "x accepted by [s]",
                        "x s attempt 1 TIMEOUT HandlerTimeoutException",
                        "x s DEAD_LETTERED TIMEOUT");
        assertThat(told.thrown()).singleElement().isInstanceOf(HandlerTimeoutException.class);
        assertThat(told.times()).containsExactly(TIMEOUT.toNanos());
    }

    @Test
    void anAttemptThatAShutdownCancelsIsNotSpent() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(spec("s").build(), handler);
        engine.publish("t", "x");
        handler.awaitBegun(1);

        engine.stop(Duration.ZERO);
        handler.letAllGo();
        engine.start();

        told.awaitQuiet(engine);
        assertThat(told.lines())
                .containsExactly(
                        "x accepted by [s]",
                        "x s attempt 1 CANCELLED InterruptedException",
                        "x s attempt 1 SUCCESS",
                        "x s COMPLETED");
    }

    @Test
    void anAttemptThatAShutdownTakesAwayIsToldOnce() {
        PubSub engine = engine();
        engine.subscribe(spec("s").build(), (m, d) -> stubborn.hang());
        engine.publish("t", "x");
        stubborn.awaitInside(1);

        engine.stop(Duration.ZERO);
        stubborn.release();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        engine.close();

        assertThat(told.lines()).containsExactly("x accepted by [s]", "x s attempt 1 CANCELLED", "x s DISCARDED");
    }

    @Test
    void aBreakerWhosePredicateThrowsHidesNoAttempt() {
        PubSub engine = engine();
        var registry = io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry.ofDefaults();
        registry.circuitBreaker(
                "s",
                io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.custom()
                        .recordException(thrown -> {
                            throw new IllegalArgumentException("a broken predicate");
                        })
                        .build());
        PubSub broken =
                engine(builder -> builder.resilience(dev.pubsub.resilience.ResilienceRegistries.of(registry, null)));
        broken.subscribe(spec("s").build(), (m, d) -> {
            throw new IllegalStateException("no");
        });

        broken.publish("t", "x");

        told.awaitQuiet(broken);
        assertThat(told.of("x"))
                .containsSubsequence("x s attempt 1 FAILURE IllegalStateException", "x s DEAD_LETTERED FAILURE")
                .hasSize(3);
        engine.close();
    }

    // ---- settled

    @Test
    void withoutDeadLettersAFinalFailureIsDiscardedWithItsReason() {
        PubSub engine = engine();
        engine.subscribe(
                spec("s").retry(RetryPolicy.disabled()).deadLetter(false).build(), (m, d) -> {
                    throw new IllegalStateException("no");
                });

        engine.publish("t", "x");

        told.awaitQuiet(engine);
        assertThat(told.lines()).endsWith("x s DISCARDED FAILURE").hasSize(3);
    }

    @Test
    void aShedCopyIsAcceptedAndSettledAtOnce() {
        PubSub engine = engine();
        for (WhenFull whenFull : List.of(WhenFull.DEAD_LETTER, WhenFull.DISCARD)) {
            engine.subscribe(
                            spec(whenFull.name())
                                    .queueCapacity(1)
                                    .whenFull(whenFull)
                                    .build(),
                            (m, d) -> {})
                    .pause();
        }
        engine.publish("t", 1);
        engine.publish("t", 2);

        engine.publish("t", "x");

        assertThat(told.of("x"))
                .containsExactlyInAnyOrder(
                        "x DEAD_LETTER DEAD_LETTERED OVERFLOW",
                        "x DISCARD DISCARDED OVERFLOW",
                        "x accepted by [DEAD_LETTER, DISCARD]");
    }

    @Test
    void aReplayIsANewAcceptanceOfOneCopy() {
        PubSub engine = engine();
        AtomicBoolean broken = new AtomicBoolean(true);
        engine.subscribe(spec("other").build(), (m, d) -> {});
        engine.subscribe(spec("s").retry(RetryPolicy.disabled()).build(), (m, d) -> {
            if (broken.get()) {
                throw new IllegalStateException("no");
            }
        });
        engine.publish("t", "x");
        told.awaitQuiet(engine);
        told.clear();
        broken.set(false);

        DeadLetter letter = engine.deadLetters().find(DeadLetterQuery.all()).get(0);
        assertThat(engine.deadLetters().replay(letter.id())).isTrue();
        assertThat(engine.deadLetters().replay(letter.id())).isFalse();

        told.awaitQuiet(engine);
        assertThat(told.lines())
                .containsExactlyInAnyOrder("x accepted by [s]", "x s attempt 1 SUCCESS", "x s COMPLETED");
    }

    @Test
    void aSequencedFollowerIsSettledWithoutAnAttempt() {
        PubSub engine = engine();
        engine.subscribe(
                spec("s")
                        .ordering(Ordering.KEY)
                        .sequenced(true)
                        .retry(RetryPolicy.disabled())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("no");
                });
        engine.publish("t", "k", "head");
        told.awaitQuiet(engine);

        engine.publish("t", "k", "follower");

        told.awaitQuiet(engine);
        assertThat(told.of("follower"))
                .containsExactlyInAnyOrder("follower accepted by [s]", "follower s DEAD_LETTERED SEQUENCED");
    }

    @Test
    void whatAQuarantinedSubscriptionTakesIsSettledWithoutAnAttempt() {
        PubSub engine = engineWithManualTime();
        engine.subscribe(spec("s").timeout(TIMEOUT).maxAbandoned(1).build(), (m, d) -> stubborn.hang());
        engine.publish("t", "hangs");
        stubborn.awaitInside(1);
        engine.publish("t", "waits");
        time.advance(TIMEOUT);
        engine.publish("t", "comes");

        told.awaitQuiet(engine);
        assertThat(told.of("waits"))
                .containsExactlyInAnyOrder("waits accepted by [s]", "waits s DEAD_LETTERED QUARANTINED");
        assertThat(told.of("comes"))
                .containsExactlyInAnyOrder("comes accepted by [s]", "comes s DEAD_LETTERED QUARANTINED");
    }

    @Test
    void anOpenBreakerThatDeadLettersMakesNoAttempt() {
        PubSub engine = engine();
        engine.subscribe(
                spec("s")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.builder()
                                .whenOpen(dev.pubsub.WhenOpen.DEAD_LETTER)
                                .slidingWindowSize(1)
                                .minimumNumberOfCalls(1)
                                .build())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("no");
                });
        engine.publish("t", "trips");
        told.awaitQuiet(engine);

        engine.publish("t", "x");

        told.awaitQuiet(engine);
        assertThat(told.of("x")).containsExactlyInAnyOrder("x accepted by [s]", "x s DEAD_LETTERED CIRCUIT_OPEN");
    }

    @Test
    void whatACloseDiscardsIsToldOnce() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        Subscription subscription = engine.subscribe(spec("s").build(), handler);
        engine.publish("t", "active");
        handler.awaitBegun(1);
        engine.publish("t", "queued");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(subscription::close);
        Soon.until(() -> !told.of("queued").equals(List.of("queued accepted by [s]")));
        handler.letAllGo();
        closed.get(10, TimeUnit.SECONDS);

        // a close waits for what is settled, not for those who are told of it
        Soon.untilAsserted(() -> assertThat(told.of("active"))
                .endsWith("active s attempt 1 SUCCESS", "active s COMPLETED")
                .hasSize(3));
        assertThat(told.of("queued")).containsExactly("queued accepted by [s]", "queued s DISCARDED");
    }

    @Test
    void aCancelledDeliverDiscardsItsCopyAndTheListenerHearsBeforeTheCaller() throws Exception {
        PubSub engine = engine();
        Subscription subscription = engine.subscribe(spec("s").build(), (m, d) -> {});
        subscription.pause();
        engine.deliver(Message.of("t", "cancelled")).cancel(true);
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", "delivered"));
        CompletableFuture<List<String>> atTheReport = report.thenApply(any -> told.of("delivered"));
        subscription.resume();

        assertThat(atTheReport.get(10, TimeUnit.SECONDS)).contains("delivered s COMPLETED");
        assertThat(told.of("cancelled")).containsExactly("cancelled accepted by [s]", "cancelled s DISCARDED");
    }

    // ---- listeners that choose, and that misbehave

    @Test
    void aListenerIsToldOnlyOfTheMessagesThatItFollows() {
        Told choosy = new Told() {
            @Override
            public boolean follows(Message<?> message) {
                return message.payload().equals("followed");
            }
        };
        PubSub engine =
                engines.started(builder -> builder.messageListener(choosy).overflow(Overflow.FAIL));
        engine.subscribe(spec("s").build(), (m, d) -> {});

        for (String payload : List.of("followed", "other")) {
            engine.publish("t", payload);
            assertThat(engine.deliver(Message.of("t", "k".repeat(2_000), payload)))
                    .isCompletedExceptionally();
        }

        Engines.awaitQuiet(engine);
        Soon.untilAsserted(() -> assertThat(choosy.lines())
                .containsExactly(
                        "followed accepted by [s]",
                        "followed refused: InvalidMessageException",
                        "followed s attempt 1 SUCCESS",
                        "followed s COMPLETED"));
    }

    @Test
    void whateverAListenerThrowsReachesNobodyElse() throws ExecutionException, InterruptedException {
        PubSub engine = engines.started(builder -> builder.messageListener(new ThrowingListener())
                .messageListener(told)
                .overflow(Overflow.FAIL));
        engine.subscribe(spec("s").queueCapacity(1).build(), (m, d) -> {});

        assertThat(engine.deliver(Message.of("t", "x")).get().outcomes()).hasSize(1);
        engine.subscription("s").orElseThrow().pause();
        engine.publish("t", "1");
        engine.publish("t", "2");
        assertThatThrownBy(() -> engine.publish("t", "refused")).isInstanceOf(QueueFullException.class);

        assertThat(told.of("x")).hasSize(3);
        assertThat(told.of("refused")).hasSize(1);
        assertThat(log.lines())
                .filteredOn(line -> line.contains("A message listener failed"))
                .hasSize(6)
                .allMatch(line -> line.contains("ThrowingListener"));
        engine.subscription("s").orElseThrow().resume();
        told.awaitQuiet(engine);
    }
}
