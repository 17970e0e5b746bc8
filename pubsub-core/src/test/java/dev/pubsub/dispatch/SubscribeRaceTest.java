package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 11: subscriptions that come and go while others publish. */
@Timeout(60)
class SubscribeRaceTest {

    private static final int ROUNDS = 400 * Integer.getInteger("pubsub.test.scale", 1);

    @RegisterExtension
    final Engines engines = new Engines();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void nothingIsMissedAfterSubscribeReturnedAndNothingComesAfterCloseReturned() throws Exception { // FAULTS 13
        PubSub engine = engines.started();
        AtomicLong published = new AtomicLong();
        AtomicBoolean go = new AtomicBoolean(true);
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        Object turn = new Object();
        for (int i = 0; i < 2; i++) {
            publishers.add(CompletableFuture.runAsync(
                    () -> {
                        while (go.get()) {
                            synchronized (turn) { // numbers are published in their order
                                engine.publish("t", published.get());
                                published.incrementAndGet();
                            }
                            Thread.yield();
                        }
                    },
                    threads));
        }
        List<CompletableFuture<Void>> subscribers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String id = "s" + i;
            long seed = i;
            subscribers.add(CompletableFuture.runAsync(() -> comeAndGo(engine, id, published, seed), threads));
        }
        for (CompletableFuture<Void> subscriber : subscribers) {
            subscriber.get(30, TimeUnit.SECONDS);
        }
        go.set(false);
        for (CompletableFuture<Void> publisher : publishers) {
            publisher.get(5, TimeUnit.SECONDS);
        }
        assertBalanced(engine);
    }

    private static void comeAndGo(PubSub engine, String id, AtomicLong published, long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            AtomicLong first = new AtomicLong(-1);
            AtomicLong last = new AtomicLong(-1);
            AtomicInteger gaps = new AtomicInteger();
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger afterClose = new AtomicInteger();
            Subscription subscription = engine.subscribe(
                    SubscriptionSpec.builder(id, "t").queueCapacity(100_000).build(), (m, d) -> {
                        if (closed.get()) {
                            afterClose.incrementAndGet();
                        }
                        long number = (Long) m.payload();
                        if (!first.compareAndSet(-1, number) && last.get() + 1 != number) {
                            gaps.incrementAndGet();
                        }
                        last.set(number);
                    });
            long afterSubscribe = published.get();
            int patience = random.nextInt(20);
            for (int i = 0; i < patience && last.get() < afterSubscribe; i++) {
                Thread.yield();
            }
            while (round % 10 == 0 && last.get() < afterSubscribe) {
                Thread.onSpinWait();
            }
            subscription.close();
            closed.set(true);
            Thread.yield();
            assertThat(gaps).hasValue(0);
            assertThat(afterClose).hasValue(0);
            if (first.get() >= 0) {
                assertThat(first.get()).isLessThanOrEqualTo(afterSubscribe + 1); // one may be under way
            }
        }
    }

    @Test
    void ofManyThatSubscribeOneIdOneSucceeds() throws Exception {
        PubSub engine = engines.started();
        for (int round = 0; round < 100; round++) {
            List<CompletableFuture<Subscription>> racers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                racers.add(CompletableFuture.supplyAsync(
                        () -> engine.subscribe(
                                SubscriptionSpec.builder("s", "t").build(), (m, d) -> {}),
                        threads));
            }
            int winners = 0;
            for (CompletableFuture<Subscription> racer : racers) {
                try {
                    Subscription winner = racer.get(5, TimeUnit.SECONDS);
                    winners++;
                    assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);
                    awaitQuiet(engine);
                    CompletableFuture.allOf(racers.toArray(new CompletableFuture<?>[0]))
                            .handle((done, thrown) -> null)
                            .get(5, TimeUnit.SECONDS);
                    winner.close();
                } catch (java.util.concurrent.ExecutionException lost) {
                    assertThat(lost)
                            .cause()
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("already a subscription with the id 's'");
                }
            }
            assertThat(winners).isEqualTo(1);
        }
    }

    @Test
    void aDuplicateIdIsRefusedAndLeavesTheFirstAlone() {
        PubSub engine = engines.started();
        AtomicInteger first = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> first.incrementAndGet());

        assertThatThrownBy(() ->
                        engine.subscribe(SubscriptionSpec.builder("s", "u").build(), (m, d) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'s'");

        assertThat(engine.publish("u", "x").subscriptions()).isZero();
        assertThat(engine.publish("t", "x").subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(first).hasValue(1);
        assertThat(engine.subscriptions()).hasSize(1);
    }

    @Test
    void aHandlerMaySubscribeAndItsNextPublishReachesTheNewOne() {
        PubSub engine = engines.started();
        AtomicInteger inner = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("outer", "t").build(), (m, d) -> {
            engine.subscribe(SubscriptionSpec.builder("inner", "u").build(), (m2, d2) -> inner.incrementAndGet());
            engine.publish("u", "x");
        });
        engine.publish("t", "x");
        awaitQuiet(engine);
        Soon.until(() -> inner.get() == 1);
    }
}
