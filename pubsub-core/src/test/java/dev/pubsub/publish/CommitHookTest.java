package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeliveryReport;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code publisher.transaction: after-commit}: validated at once, admitted after the commit. */
class CommitHookTest {

    /** A transaction on the test's thread. */
    private static final class FakeTransaction implements CommitHook {

        private final List<Runnable> admissions = new ArrayList<>();
        private final List<Runnable> drops = new ArrayList<>();
        private boolean active;

        @Override
        public boolean afterCommit(Runnable admit, Runnable drop) {
            if (active) {
                admissions.add(admit);
                drops.add(drop);
            }
            return active;
        }

        FakeTransaction begin() {
            active = true;
            return this;
        }

        void commit() {
            end(admissions);
        }

        void rollback() {
            end(drops);
        }

        private void end(List<Runnable> actions) {
            active = false;
            List<Runnable> mine = List.copyOf(actions);
            admissions.clear();
            drops.clear();
            mine.forEach(Runnable::run);
        }
    }

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final FakeTransaction transaction = new FakeTransaction();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    private PubSub engine() {
        PubSub engine =
                engines.started(builder -> builder.commitHook(transaction).overflow(Overflow.FAIL));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.add(m.payload()));
        return engine;
    }

    /** A subscription to "t" without room. */
    private void fill(PubSub engine) {
        engine.subscribe(
                        SubscriptionSpec.builder("full", "t", "fill")
                                .queueCapacity(1)
                                .build(),
                        (m, d) -> {})
                .pause();
        engine.publish("fill", 1);
        engine.publish("fill", 2);
    }

    private static Throwable refusal(CompletableFuture<?> future) throws Exception {
        try {
            throw new AssertionError("completed with " + future.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException refused) {
            return refused.getCause();
        }
    }

    @Test
    void whatIsPublishedInATransactionIsAdmittedAfterItsCommit() {
        PubSub engine = engine();
        transaction.begin();

        PublishReceipt receipt = engine.publish("t", "x");

        assertThat(receipt.subscriptions()).isEqualTo(-1);
        assertThat(figures(engine, "s").accepted()).isZero();
        assertThat(engine.snapshot().publisher().accepted()).isZero();
        transaction.commit();
        awaitQuiet(engine);
        assertThat(handled).containsExactly("x");
        assertThat(engine.snapshot().publisher().accepted()).isEqualTo(1);
    }

    @Test
    void afterARollbackNothingIsAdmitted() {
        PubSub engine = engine();
        transaction.begin();
        engine.publish("t", "x");

        transaction.rollback();

        assertThat(figures(engine, "s").accepted()).isZero();
        assertThat(engine.snapshot().publisher().accepted()).isZero();
        assertThat(engine.snapshot().publisher().rejected()).isZero();
        assertThat(engine.deadLetters().size()).isZero();
    }

    @Test
    void outsideATransactionAMessageIsAdmittedAtOnce() {
        PubSub engine = engine();

        assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handled).containsExactly("x");
    }

    @Test
    void aMessageIsValidatedAtOnce() {
        PubSub engine = engine();
        transaction.begin();

        assertThatThrownBy(() -> engine.publish("not a topic", "x")).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> engine.publish("t", "", "x")).isInstanceOf(InvalidMessageException.class);

        transaction.commit();
        assertThat(engine.snapshot().publisher().accepted()).isZero();
    }

    @Test
    void theOtherWaysOfPublishingTakePartToo() throws Exception {
        PubSub engine = engine();
        transaction.begin();
        CompletableFuture<PublishReceipt> async = engine.publishAsync(Message.of("t", 1));
        BatchReceipt batch = engine.publishAll(List.of(Message.of("t", 2), Message.of("t", 3)));
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", 4));

        assertThat(async.get().subscriptions()).isEqualTo(-1);
        assertThat(batch.accepted()).isEqualTo(2);
        assertThat(report).isNotDone();
        transaction.commit();

        assertThat(report.get(10, TimeUnit.SECONDS).outcomes()).hasSize(1);
        assertThat(handled).containsExactly(1, 2, 3, 4);
    }

    @Test
    void aRefusalAfterTheCommitIsLoggedCountedAndDeadLettered() {
        PubSub engine = engine();
        fill(engine);
        transaction.begin();
        engine.publish("t", "x");

        transaction.commit();

        assertThat(log.lines())
                .anyMatch(line -> line.startsWith("ERROR") && line.contains("was committed and refused"));

        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(1);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .hasSize(2)
                .allSatisfy(letter -> {
                    assertThat(letter.message().payload()).isEqualTo("x");
                    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.OVERFLOW);
                    assertThat(letter.exceptionType()).isEqualTo(QueueFullException.class.getName());
                })
                .extracting(DeadLetter::subscriptionId)
                .containsExactlyInAnyOrder("s", "full");
        assertThat(handled).isEmpty();
        Engines.assertBalanced(engine);
    }

    @Test
    void aRefusalAfterTheCommitFailsTheDeliverFuture() throws Exception {
        PubSub engine = engine();
        fill(engine);
        transaction.begin();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));

        transaction.commit();

        assertThat(refusal(future)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void aRefusedMessageIsFilteredOnceAndNotKeptForThoseWhoseConditionRefusesIt() {
        PubSub engine = engine();
        fill(engine);
        engine.subscribe(
                SubscriptionSpec.builder("choosy", "t").condition(m -> false).build(), (m, d) -> {});
        transaction.begin();
        engine.publish("t", "x");

        transaction.commit();

        assertThat(figures(engine, "choosy").filtered()).isEqualTo(1);
        assertThat(figures(engine, "choosy").accepted()).isZero();
        assertThat(engine.deadLetters().size()).isEqualTo(2);
    }

    @Test
    void aCommitAfterTheEngineStoppedKeepsTheMessageAsADeadLetter() throws Exception {
        PubSub engine = engine();
        transaction.begin();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        engine.stop(Duration.ZERO);

        transaction.commit();

        assertThat(refusal(future)).isInstanceOf(PubSubClosedException.class);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    void anEndOfTheTransactionAfterTheEngineIsClosedThrowsNothingAndEndsTheFuture() throws Exception {
        PubSub engine = engine();
        transaction.begin();
        CompletableFuture<DeliveryReport> committed = engine.deliver(Message.of("t", "x"));
        engine.close();
        transaction.commit();
        assertThat(refusal(committed)).isInstanceOf(PubSubClosedException.class);

        PubSub another = engine();
        transaction.begin();
        CompletableFuture<DeliveryReport> rolledBack = another.deliver(Message.of("t", "x"));
        another.close();
        transaction.rollback();
        assertThat(rolledBack).isCancelled();
    }

    @Test
    void afterARollbackTheDeliverFutureIsCancelled() {
        PubSub engine = engine();
        transaction.begin();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));

        transaction.rollback();

        assertThat(future).failsWithin(Duration.ofSeconds(10)).withThrowableOfType(CancellationException.class);
    }

    @Test
    void aDeliverThatIsCancelledBeforeTheCommitIsNotAdmitted() {
        PubSub engine = engine();
        transaction.begin();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        future.cancel(true);

        transaction.commit();

        assertThat(figures(engine, "s").accepted()).isZero();
        assertThat(handled).isEmpty();
    }

    @Test
    void aDeliverThatIsCancelledAfterTheCommitDiscardsWhatWaits() {
        PubSub engine = engine();
        engine.subscription("s").orElseThrow().pause();
        transaction.begin();
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        transaction.commit();

        future.cancel(true);

        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
        assertThat(figures(engine, "s").queued()).isZero();
    }

    @Test
    void aBatchHasOneTimeoutAfterItsCommitToo() {
        PubSub engine = engines.started(builder ->
                builder.commitHook(transaction).overflow(Overflow.BLOCK).publishTimeout(Duration.ofMillis(200)));
        fill(engine);
        transaction.begin();
        engine.publishAll(Collections.nCopies(50, Message.of("t", "x")));

        long begin = System.nanoTime();
        transaction.commit();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5)); // each on its own: 10 s
        assertThat(figures(engine, "full").deadLettered()).isEqualTo(50);
    }

    @Test
    void aPublishAsyncDoesNotMakeTheCommitWait() {
        PubSub engine = engines.started(builder ->
                builder.commitHook(transaction).overflow(Overflow.BLOCK).publishTimeout(Duration.ofDays(1)));
        fill(engine);
        transaction.begin();
        engine.publishAsync(Message.of("t", "x"));

        transaction.commit();

        assertThat(figures(engine, "full").deadLettered()).isEqualTo(1);
    }
}
