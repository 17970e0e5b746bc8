package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.DeliveryReport;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code deliver}: a report once every copy in this process is settled. */
class DeliverTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private static DeliveryReport report(CompletableFuture<DeliveryReport> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private static Throwable refusal(CompletableFuture<DeliveryReport> future) throws Exception {
        try {
            throw new AssertionError("accepted: " + report(future));
        } catch (ExecutionException refused) {
            return refused.getCause();
        }
    }

    @Test
    void theReportNamesEachSubscriptionsOutcome() throws Exception {
        PubSub engine = engines.started();
        AtomicInteger calls = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("good", "t").build(), (m, d) -> {});
        engine.subscribe(SubscriptionSpec.builder("rejecting", "t").build(), (m, d) -> {
            throw new RejectMessageException("no");
        });
        engine.subscribe(
                SubscriptionSpec.builder("dropping", "t").deadLetter(false).build(), (m, d) -> {
                    throw new RejectMessageException("no");
                });
        engine.subscribe(
                SubscriptionSpec.builder("second-time-lucky", "t")
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(1))
                                .build())
                        .build(),
                (m, d) -> {
                    if (calls.incrementAndGet() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                });
        engine.subscribe(SubscriptionSpec.builder("elsewhere", "u").build(), (m, d) -> {});
        Message<String> message = Message.of("t", "x");

        DeliveryReport report = report(engine.deliver(message));

        assertThat(report.messageId()).isEqualTo(message.id());
        assertThat(report.outcomes())
                .containsOnly(
                        entry("good", Outcome.COMPLETED),
                        entry("rejecting", Outcome.DEAD_LETTERED),
                        entry("dropping", Outcome.DISCARDED),
                        entry("second-time-lucky", Outcome.COMPLETED));
    }

    @Test
    void itIsNotCompleteBeforeTheLastCopyIsSettled() throws Exception {
        PubSub engine = engines.started();
        HeldHandler slow = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("fast", "t").build(), (m, d) -> {});
        engine.subscribe(SubscriptionSpec.builder("slow", "t").build(), slow);

        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        slow.awaitBegun(1);
        Soon.until(() -> figures(engine, "fast").completed() == 1);
        assertThat(future).isNotDone();
        slow.letAllGo();

        assertThat(report(future).outcomes()).hasSize(2);
    }

    @Test
    void whereNoSubscriptionMatchesItIsCompleteAtOnceWithoutOutcomes() {
        PubSub engine = engines.started();

        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));

        assertThat(future)
                .isCompletedWithValueMatching(report -> report.outcomes().isEmpty());
        assertThat(engine.snapshot().publisher().unrouted()).isEqualTo(1);
    }

    @Test
    void aRefusalFailsTheFuture() throws Exception {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);

        assertThat(refusal(engine.deliver(Message.of("t", 3)))).isInstanceOf(QueueFullException.class);
        assertThat(refusal(engine.deliver(Message.of("not a topic", 3)))).isInstanceOf(InvalidMessageException.class);
        assertThat(refusal(engine.deliver(null))).isInstanceOf(InvalidMessageException.class);
        engine.stop(Duration.ZERO);
        assertThat(refusal(engine.deliver(Message.of("t", 3)))).isInstanceOf(PubSubClosedException.class);
    }

    @Test
    void aTimedOutCopyIsDeadLetteredInTheReport() throws Exception {
        PubSub engine = engines.started();
        HeldHandler held = new HeldHandler();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(20))
                        .build(),
                held);

        assertThat(report(engine.deliver(Message.of("t", 3))).outcomes())
                .containsOnly(entry("s", Outcome.DEAD_LETTERED));
        held.letAllGo();
    }

    @Test
    void closingASubscriptionReportsItsWaitingCopiesAsDiscarded() throws Exception {
        PubSub engine = engines.started();
        Subscription paused =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        paused.pause();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", 3));

        paused.close();

        assertThat(report(future).outcomes()).containsOnly(entry("s", Outcome.DISCARDED));
    }

    @Test
    void closingTheEngineReportsWhatIsLeftAsDiscarded() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {})
                .pause();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", 3));

        engine.close();

        assertThat(report(future).outcomes()).containsOnly(entry("s", Outcome.DISCARDED));
    }

    @Test
    void futuresAreCompletedOnTheEnginesPoolAndNeverOnAWorker() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).maxConcurrentPublishes(1));
        HeldHandler held = new HeldHandler();
        Thread[] worker = new Thread[1];
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            worker[0] = Thread.currentThread();
            held.handle(m, d);
        });
        Thread caller = Thread.currentThread();

        CompletableFuture<Thread> continuation =
                engine.deliver(Message.of("t", "x")).thenApply(report -> Thread.currentThread());
        held.awaitBegun(1);
        held.letAllGo();

        assertThat(continuation.get(10, TimeUnit.SECONDS))
                .isNotSameAs(caller)
                .isNotSameAs(worker[0])
                .satisfies(thread -> assertThat(thread.getName()).startsWith("pubsub-"));
    }

    @Test
    void aContinuationIsAnOrdinaryCallerThatNeedsASlot() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.overflow(Overflow.FAIL).maxConcurrentPublishes(1));
        HeldHandler held = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), held);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch slotHeld = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder("slow-condition", "slow")
                        .condition(message -> {
                            slotHeld.countDown();
                            try {
                                return release.await(20, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        })
                        .build(),
                (m, d) -> {});

        CompletableFuture<Integer> continuation = engine.deliver(Message.of("t", "x"))
                .thenApply(report -> engine.publish("u", "next").subscriptions());
        held.awaitBegun(1);
        Caller<?> holder = Caller.of(() -> engine.publish("slow", 1));
        slotHeld.await();
        held.letAllGo();

        assertThat(continuation)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseExactlyInstanceOf(ConcurrencyLimitException.class);
        release.countDown();
        holder.result();
        awaitQuiet(engine);
    }

    @Test
    void aContinuationThatBlocksHoldsBackNoDelivery() throws Exception {
        PubSub engine = engines.started();
        HeldHandler held = new HeldHandler();
        CountDownLatch release = new CountDownLatch(1);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), held);

        // attached while the copy is active: else the test's own thread would run it
        CompletableFuture<Void> blocking = engine.deliver(Message.of("t", 1)).thenAccept(report -> {
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        held.awaitBegun(1).letAllGo();

        assertThat(report(engine.deliver(Message.of("t", 2))).outcomes()).hasSize(1);
        assertThat(blocking).isNotDone();
        release.countDown();
        blocking.get(10, TimeUnit.SECONDS);
    }
}
