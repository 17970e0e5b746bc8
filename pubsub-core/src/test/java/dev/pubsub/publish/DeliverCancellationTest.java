package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Cancelling a {@code deliver} future discards every copy that is not active; an active one sees {@code isCancelled},
 * its outcome stands, but a failure is discarded instead of retried.
 */
class DeliverCancellationTest {

    private static final int SCALE = Integer.getInteger("pubsub.test.scale", 1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final HeldHandler held = new HeldHandler();

    private static SubscriptionSpec.Builder<Object> spec(String id) {
        return SubscriptionSpec.builder(id, "t");
    }

    @Test
    void aQueuedCopyIsDiscardedAndItsPlaceIsFree() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").queueCapacity(1).build(), held);
        engine.publish("t", "active");
        held.awaitBegun(1);
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "queued"));

        assertThat(future.cancel(true)).isTrue();

        assertThat(figures(engine, "s").queued()).isZero();
        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
        assertThat(engine.publish("t", "in its place").subscriptions()).isEqualTo(1);
        held.letAllGo();
        awaitQuiet(engine);
        assertThat(held.payloads()).containsExactly("active", "in its place");
    }

    @Test
    void aCopyThatWaitsBehindItsKeyIsDiscardedAndTheKeyGoesOn() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").ordering(Ordering.KEY).concurrency(2).build(), held);
        engine.publish("t", "k", "first");
        held.awaitBegun(1);
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "k", "second"));
        engine.publish("t", "k", "third");

        future.cancel(false);

        assertThat(figures(engine, "s").queued()).isEqualTo(1);
        held.letAllGo();
        awaitQuiet(engine);
        assertThat(held.payloads()).containsExactly("first", "third");
    }

    @Test
    void aParkedCopyIsDiscarded() {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").ordering(Ordering.KEY).build(), (m, d) -> {
            if (m.payload().equals("postponed")) {
                throw new RetryLaterException(Duration.ofDays(1));
            }
        });
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "k", "postponed"));
        engine.publish("t", "k", "behind it");
        Soon.until(() -> figures(engine, "s").parked() == 1);

        future.cancel(true);

        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
        awaitQuiet(engine); // the key goes on
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void anActiveCopySeesItAndItsSuccessStands() throws Exception {
        PubSub engine = engines.started();
        AtomicBoolean before = new AtomicBoolean(true);
        AtomicBoolean after = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean(true);
        engine.subscribe(spec("s").build(), (m, d) -> {
            before.set(d.isCancelled());
            held.handle(m, d);
            after.set(d.isCancelled());
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        held.awaitBegun(1);

        future.cancel(true);
        held.letAllGo();

        awaitQuiet(engine);
        assertThat(before).isFalse();
        assertThat(after).isTrue();
        assertThat(interrupted).isFalse();
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void anActiveCopyThatFailsIsDiscardedInsteadOfRetried() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(
                spec("s")
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofSeconds(10))
                                .build())
                        .build(),
                (m, d) -> {
                    held.handle(m, d);
                    throw new IllegalStateException("no");
                });
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        held.awaitBegun(1);

        future.cancel(true);
        held.letAllGo();

        awaitQuiet(engine);
        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
        assertThat(figures(engine, "s").retries()).isZero();
        assertThat(engine.deadLetters().size()).isZero();
    }

    @Test
    void anActiveCopyWhoseFailureIsFinalBecomesADeadLetter() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").retry(RetryPolicy.disabled()).build(), (m, d) -> {
            held.handle(m, d);
            throw new IllegalStateException("no");
        });
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        held.awaitBegun(1);

        future.cancel(true);
        held.letAllGo();

        awaitQuiet(engine);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(1);
    }

    @Test
    void everySubscriptionsCopyIsTreatedByItsOwnState() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("active").build(), held);
        engine.subscribe(spec("paused").build(), (m, d) -> {}).pause();
        engine.subscribe(spec("done").build(), (m, d) -> {});
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        held.awaitBegun(1);
        Soon.until(() -> figures(engine, "done").completed() == 1);

        future.cancel(true);
        held.letAllGo();

        awaitQuiet(engine);
        assertThat(figures(engine, "active").completed()).isEqualTo(1);
        assertThat(figures(engine, "paused").discarded()).isEqualTo(1);
        assertThat(figures(engine, "done").completed()).isEqualTo(1);
    }

    @Test
    void cancellingAContinuationCancelsNothing() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").build(), held);
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        held.awaitBegun(1);
        CompletableFuture<DeliveryReport> queued = engine.deliver(Message.of("t", "y"));

        queued.thenAccept(report -> {}).cancel(true);
        queued.copy().cancel(true);

        held.letAllGo();
        assertThat(queued.get(10, TimeUnit.SECONDS).outcomes()).hasSize(1);
        assertThat(future.get(10, TimeUnit.SECONDS).outcomes()).hasSize(1);
    }

    @Test
    void cancellingAfterTheEndChangesNothing() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(spec("s").build(), (m, d) -> {});
        CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", "x"));
        future.get(10, TimeUnit.SECONDS);

        assertThat(future.cancel(true)).isFalse();
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    /** A message whose handler waits for {@code go}. */
    private record Moment(CountDownLatch begun, AtomicBoolean go) {}

    @Test
    void aCopyThatIsPutOffAtTheVeryMomentOfTheCancellationIsDiscarded() throws Exception {
        int rounds = 10_000 * SCALE;
        PubSub engine = engines.started();
        engine.subscribe(
                spec("s")
                        .payloadType(Moment.class)
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                (m, d) -> {
                    m.payload().begun().countDown();
                    while (!m.payload().go().get()) {
                        Thread.onSpinWait();
                    }
                    throw new RetryLaterException(Duration.ofDays(1));
                });

        for (int i = 0; i < rounds; i++) {
            Moment moment = new Moment(new CountDownLatch(1), new AtomicBoolean());
            CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", moment));
            assertThat(moment.begun().await(10, TimeUnit.SECONDS)).isTrue();
            moment.go().set(true);
            for (int spin = i % 128; spin > 0; spin--) {
                Thread.onSpinWait();
            }
            future.cancel(true);
        }

        awaitQuiet(engine); // a copy that was missed would be parked for a day
        assertThat(figures(engine, "s").discarded()).isEqualTo(rounds);
    }
}
