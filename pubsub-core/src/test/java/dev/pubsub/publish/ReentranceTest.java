package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BatchReceipt;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guarantee 3: no deadlock by re-entrance. */
class ReentranceTest {

    private static final Duration A_DAY = Duration.ofDays(1);

    @RegisterExtension
    final Engines engines = new Engines();

    private PubSub engine(Overflow overflow, Duration timeout) {
        return engines.started(
                builder -> builder.overflow(overflow).maxConcurrentPublishes(1).publishTimeout(timeout));
    }

    private static SubscriptionSpec.Builder<Object> narrow(String id, String topic) {
        return SubscriptionSpec.builder(id, topic).queueCapacity(1).retry(RetryPolicy.disabled());
    }

    /** What the call threw, and how long it took. */
    private record Ending(Throwable thrown, Duration took) {
        static Ending of(Callable<?> call) {
            long begin = System.nanoTime();
            Throwable thrown;
            try {
                thrown = new AssertionError("returned " + call.call());
            } catch (Throwable e) {
                thrown = e;
            }
            return new Ending(thrown, Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    // FAULTS 7
    @ParameterizedTest
    @EnumSource(Overflow.class)
    void aHandlerThatPublishesToItselfDoesNotDeadlock(Overflow overflow) throws Exception {
        PubSub engine = engine(overflow, A_DAY);
        AtomicInteger handled = new AtomicInteger();
        engine.subscribe(narrow("a", "a").build(), (m, d) -> {
            if (handled.incrementAndGet() < 1_000) {
                engine.publish("a", "again");
            }
        });

        engine.publish("a", "first");

        Soon.until(() -> handled.get() == 1_000);
        awaitQuiet(engine);
        assertThat(figures(engine, "a").completed()).isEqualTo(1_000);
    }

    // FAULTS 7
    @ParameterizedTest
    @EnumSource(Overflow.class)
    void aHandlerWithoutRoomForItselfIsRefusedAtOnce(Overflow overflow) throws Exception {
        PubSub engine = engine(overflow, A_DAY);
        CompletableFuture<Ending> second = new CompletableFuture<>();
        engine.subscribe(narrow("a", "a").timeout(A_DAY).build(), (m, d) -> {
            if (m.payload().equals("first")) {
                engine.publish("a", "takes the last place");
                second.complete(Ending.of(() -> engine.publish("a", "one too many")));
            }
        });

        engine.publish("a", "first");

        assertThat(second.get(10, TimeUnit.SECONDS).thrown())
                .isInstanceOfSatisfying(QueueFullException.class, full -> assertThat(full.subscriptionId())
                        .isEqualTo("a"));
        awaitQuiet(engine);
    }

    // FAULTS 7
    @ParameterizedTest
    @EnumSource(Overflow.class)
    void twoHandlersThatPublishToEachOtherDoNotDeadlock(Overflow overflow) throws Exception {
        PubSub engine = engine(overflow, A_DAY);
        AtomicInteger handled = new AtomicInteger();
        for (String[] pair : new String[][] {{"a", "b"}, {"b", "a"}}) {
            engine.subscribe(
                    narrow(pair[0], pair[0]).timeout(Duration.ofMillis(200)).build(), (m, d) -> {
                        handled.incrementAndGet();
                        int rest = (int) m.payload();
                        for (int i = 0; i < 3 && rest > 0; i++) {
                            engine.publish(pair[1], rest - 1);
                        }
                    });
        }

        engine.publish("a", 4);
        engine.publish("b", 4);

        awaitQuiet(engine); // both are full of publishers that wait for each other: each wait ends
        assertThat(handled.get()).isGreaterThan(2);
        assertThat(engine.publish("a", 0).subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
    }

    @Test
    void aHandlerWaitsForRoomAtMostHalfOfItsRemainingTime() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, A_DAY);
        HeldHandler held = new HeldHandler();
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        engine.subscribe(narrow("full", "full").build(), held);
        engine.publish("full", 1);
        engine.publish("full", 2);
        engine.subscribe(narrow("a", "a").timeout(Duration.ofSeconds(2)).build(), (m, d) -> {
            Ending mine = Ending.of(() -> engine.publish("full", 3));
            ending.complete(mine);
            throw (Exception) mine.thrown();
        });

        engine.publish("a", "x");

        assertThat(ending.get(10, TimeUnit.SECONDS).thrown())
                .isExactlyInstanceOf(PublishTimeoutException.class)
                .hasMessageContaining("'full'");
        assertThat(ending.get().took()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_600));
        Soon.until(() -> figures(engine, "a").deadLettered() == 1); // a failure like any other
        assertThat(figures(engine, "a").failures()).isEqualTo(1);
        assertThat(figures(engine, "a").timeouts()).isZero();
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> assertThat(letter.exceptionType()).contains("PublishTimeoutException"));
        held.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aHandlerWaitsForRoomAtMostThePublishersTimeout() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, Duration.ofMillis(50));
        HeldHandler held = new HeldHandler();
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        engine.subscribe(narrow("full", "full").build(), held);
        engine.publish("full", 1);
        engine.publish("full", 2);
        engine.subscribe(
                narrow("a", "a").timeout(A_DAY).build(),
                (m, d) -> ending.complete(Ending.of(() -> engine.publish("full", 3))));

        engine.publish("a", "x");

        assertThat(ending.get(10, TimeUnit.SECONDS).thrown()).isExactlyInstanceOf(PublishTimeoutException.class);
        held.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aHandlersWaitForRoomElsewhereEndsWhenThereIsRoom() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, A_DAY);
        HeldHandler held = new HeldHandler();
        CountDownLatch publishing = new CountDownLatch(1);
        engine.subscribe(narrow("full", "full").timeout(A_DAY).build(), held);
        engine.publish("full", 1);
        engine.publish("full", 2);
        engine.subscribe(narrow("a", "a").timeout(A_DAY).build(), (m, d) -> {
            publishing.countDown();
            engine.publish("full", 3);
        });
        engine.publish("a", "x");
        assertThat(publishing.await(10, TimeUnit.SECONDS)).isTrue();

        held.letAllGo();

        awaitQuiet(engine);
        assertThat(held.payloads()).containsExactly(1, 2, 3);
    }

    @Test
    void aHandlerWithoutRoomForItselfDoesNotWaitForRoomElsewhereFirst() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, A_DAY);
        HeldHandler held = new HeldHandler();
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        engine.subscribe(
                SubscriptionSpec.builder("aa-full", "both", "fill")
                        .queueCapacity(1)
                        .build(),
                held);
        engine.publish("fill", 1);
        engine.publish("fill", 2);
        engine.subscribe(
                SubscriptionSpec.builder("own", "own", "both")
                        .queueCapacity(1)
                        .timeout(A_DAY)
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("first")) {
                        engine.publish("own", "takes the last place");
                        ending.complete(Ending.of(() -> engine.publish("both", "no room in either")));
                    }
                });

        engine.publish("own", "first");

        assertThat(ending.get(10, TimeUnit.SECONDS).thrown())
                .isInstanceOfSatisfying(QueueFullException.class, full -> assertThat(full.subscriptionId())
                        .isEqualTo("own"));
        held.letAllGo();
        awaitQuiet(engine);
    }

    @Test
    void aHandlerWhoseSubscriptionShedsIsNotRefused() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, A_DAY);
        CompletableFuture<Integer> shed = new CompletableFuture<>();
        engine.subscribe(narrow("a", "a").whenFull(WhenFull.DISCARD).build(), (m, d) -> {
            if (m.payload().equals("first")) {
                engine.publish("a", "takes the last place");
                shed.complete(engine.publish("a", "shed").subscriptions());
            }
        });

        engine.publish("a", "first");

        assertThat(shed.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        awaitQuiet(engine);
        assertThat(figures(engine, "a").discarded()).isEqualTo(1);
    }

    @Test
    void aHandlerNeedsNoSlot() throws Exception {
        PubSub engine = engine(Overflow.FAIL, A_DAY);
        HeldHandler held = new HeldHandler();
        CompletableFuture<BatchReceipt> batch = new CompletableFuture<>();
        CompletableFuture<?> async = new CompletableFuture<>();
        engine.subscribe(narrow("a", "a").build(), (m, d) -> {
            held.handle(m, d);
            engine.publish("u", 1);
            batch.complete(engine.publishAll(List.of(Message.of("u", 2))));
            engine.publishAsync(Message.of("u", 3)).thenAccept(receipt -> async.complete(null));
        });
        CountDownLatch slotHeld = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder("slow-condition", "slow")
                        .condition(message -> awaited(slotHeld, release))
                        .build(),
                (m, d) -> {});
        engine.publish("a", "x");
        held.awaitBegun(1);
        Caller<?> holder = Caller.of(() -> engine.publish("slow", "holds the only slot"));
        slotHeld.await();

        held.letAllGo();

        assertThat(batch.get(10, TimeUnit.SECONDS).accepted()).isEqualTo(1);
        async.get(10, TimeUnit.SECONDS);
        release.countDown();
        holder.result();
        awaitQuiet(engine);
        assertThat(figures(engine, "a").completed()).isEqualTo(1);
    }

    private static boolean awaited(CountDownLatch reached, CountDownLatch release) {
        reached.countDown();
        try {
            return release.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aThreadThatAHandlerStartsIsAnOrdinaryCaller() throws Exception {
        PubSub engine = engine(Overflow.BLOCK, A_DAY);
        CompletableFuture<Caller<?>> child = new CompletableFuture<>();
        HeldHandler held = new HeldHandler();
        engine.subscribe(narrow("a", "a").timeout(A_DAY).build(), (m, d) -> {
            if (m.payload().equals("first")) {
                engine.publish("a", "takes the last place");
                child.complete(Caller.of(() -> engine.publish("a", "waits")).awaitWaiting());
                held.handle(m, d);
            }
        });
        engine.publish("a", "first");

        // a handler would be refused at once, since it is its own subscription
        assertThat(child.get(10, TimeUnit.SECONDS).isDone()).isFalse();
        assertThat(engine.snapshot().publisher().inFlight()).isEqualTo(1);
        held.letAllGo();

        child.get().result();
        awaitQuiet(engine);
    }

    @Test
    void aHandlerIsAnOrdinaryCallerToAnotherEngineAndNeedsASlotThere() throws Exception {
        PubSub engine = engines.started();
        PubSub other = engines.started(builder -> builder.maxConcurrentPublishes(1));
        Subscription full = other.subscribe(
                SubscriptionSpec.builder("full", "full").queueCapacity(1).build(), (m, d) -> {});
        full.pause();
        other.publish("full", 1);
        other.publish("full", 2);
        Thread waiter = new Thread(() -> other.publish("full", 3)); // holds the only slot
        waiter.start();
        Soon.until(() -> other.snapshot().publisher().inFlight() == 1);
        AtomicReference<Thread> handler = new AtomicReference<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            handler.set(Thread.currentThread());
            other.publish("free", "x");
        });

        engine.publish("t", "x");

        Soon.until(() -> handler.get() != null
                && Arrays.stream(handler.get().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("awaitSlot")));
        full.resume();
        waiter.join();
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }
}
