package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.assertBalanced;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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

/** Guarantees 9 and 12: publishers that meet a stop or a close. */
@Timeout(60)
class PublishersAndStopTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Gatekeeper gate = new Gatekeeper();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void publishersThatWaitForRoomAreRefusedAtOnce() throws Exception {
        PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofSeconds(30)));
        engine.subscribe(SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), (m, d) -> gate.passStubbornly());
        engine.publish("t", 1);
        engine.publish("t", 2);
        List<CompletableFuture<Throwable>> waiting = publishers(engine, 5);
        Soon.until(() -> engine.snapshot().publisher().inFlight() == 5);

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(Duration.ofSeconds(10)), threads);

        for (CompletableFuture<Throwable> publisher : waiting) {
            assertThat(publisher.get(2, TimeUnit.SECONDS)).isInstanceOf(PubSubClosedException.class);
        }
        assertThat(stop).isNotDone();
        gate.open();
        stop.get(5, TimeUnit.SECONDS);
        assertThat(figures(engine, "s").accepted()).isEqualTo(2);
    }

    @Test
    void publishersThatWaitForASlotAreRefusedAtOnce() throws Exception {
        PubSub engine =
                engines.started(builder -> builder.maxConcurrentPublishes(1).publishTimeout(Duration.ofSeconds(30)));
        engine.subscribe(SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), (m, d) -> gate.passStubbornly());
        engine.subscribe(SubscriptionSpec.builder("empty", "u").build(), (m, d) -> {});
        engine.publish("t", 1);
        engine.publish("t", 2);
        List<CompletableFuture<Throwable>> room = publishers(engine, 1);
        Soon.until(() -> engine.snapshot().publisher().inFlight() == 1);
        List<CompletableFuture<Throwable>> slot = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            slot.add(publisher(() -> engine.publish("u", "waits for a slot")));
        }
        slot.add(publisher(() -> engine.publishAll(List.of(Message.of("u", "waits for a slot")))
                .items()
                .forEach(item -> {
                    if (item.error() != null) {
                        throw item.error();
                    }
                })));

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(Duration.ofSeconds(10)), threads);

        for (CompletableFuture<Throwable> publisher : room) {
            assertThat(publisher.get(2, TimeUnit.SECONDS)).isInstanceOf(PubSubClosedException.class);
        }
        for (CompletableFuture<Throwable> publisher : slot) {
            assertThat(publisher.get(2, TimeUnit.SECONDS)).isInstanceOf(PubSubClosedException.class);
        }
        gate.open();
        stop.get(5, TimeUnit.SECONDS);
        assertThat(figures(engine, "empty").accepted()).isZero();
    }

    @Test
    void roomThatTheDrainMakesIsNotForPublishersThatWaitOutside() throws Exception {
        for (int round = 0; round < 50; round++) {
            Gatekeeper first = new Gatekeeper();
            PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofSeconds(30)));
            AtomicBoolean stopping = new AtomicBoolean();
            engine.subscribe(SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), (m, d) -> {
                first.pass();
                while (!stopping.get() || engine.snapshot().state() == State.RUNNING) {
                    Thread.onSpinWait();
                }
            });
            engine.publish("t", 1);
            engine.publish("t", 2);
            List<CompletableFuture<Throwable>> waiting = publishers(engine, 4);
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> engine.snapshot().publisher().inFlight() == 4);
            first.open();
            stopping.set(true);

            engine.stop(Duration.ofSeconds(10));

            for (CompletableFuture<Throwable> publisher : waiting) {
                assertThat(publisher.get(2, TimeUnit.SECONDS)).isInstanceOf(PubSubClosedException.class);
            }
            assertThat(figures(engine, "s").accepted()).isEqualTo(2);
        }
    }

    @Test
    void publishersThatWaitThroughAStopAndAStartAreAcceptedOrRefusedButNotTimedOut() throws Exception {
        PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofSeconds(30)));
        var subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), (m, d) -> {});
        for (int round = 0; round < 100; round++) {
            subscription.pause();
            engine.publish("t", 1);
            engine.publish("t", 2);
            List<CompletableFuture<Throwable>> waiting = publishers(engine, 3);
            await().pollInterval(Duration.ofMillis(1))
                    .until(() -> engine.snapshot().publisher().inFlight() == 3);

            engine.stop(Duration.ZERO);
            engine.start();

            subscription.resume();
            for (CompletableFuture<Throwable> publisher : waiting) {
                assertThat(publisher.get(5, TimeUnit.SECONDS))
                        .isInstanceOfAny(PubSubClosedException.class, AssertionError.class);
            }
            awaitQuiet(engine);
        }
    }

    @Test
    void nothingIsLostWithoutATraceWhenPublishersRaceStopAndStart() throws Exception { // FAULTS 11
        PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofMillis(200)));
        Set<Object> handled = ConcurrentHashMap.newKeySet();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .concurrency(2)
                        .queueCapacity(50)
                        .build(),
                (m, d) -> assertThat(handled.add(m.payload())).isTrue());
        Set<Object> accepted = ConcurrentHashMap.newKeySet();
        AtomicBoolean go = new AtomicBoolean(true);
        AtomicLong numbers = new AtomicLong();
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            publishers.add(CompletableFuture.runAsync(
                    () -> {
                        while (go.get()) {
                            long number = numbers.incrementAndGet();
                            try {
                                engine.publish("t", number);
                                accepted.add(number);
                            } catch (PubSubClosedException stopped) {
                                Thread.yield();
                            }
                        }
                    },
                    threads));
        }
        Soon.until(() -> accepted.size() > 100);
        int rounds = 300 * Integer.getInteger("pubsub.test.scale", 1);
        for (int i = 0; i < rounds; i++) {
            engine.stop(i % 2 == 0 ? Duration.ZERO : Duration.ofMillis(20));
            engine.start();
        }
        go.set(false);
        for (CompletableFuture<Void> publisher : publishers) {
            publisher.get(5, TimeUnit.SECONDS);
        }
        awaitQuiet(engine);
        assertThat(handled).isEqualTo(accepted);
        assertThat(figures(engine, "s").accepted()).isEqualTo(accepted.size());
    }

    @Test
    void eachDeliverFutureIsCompletedWhenPublishersRaceClose() throws Exception { // FAULTS 11
        int rounds = 20 * Integer.getInteger("pubsub.test.scale", 1);
        for (int round = 0; round < rounds; round++) {
            PubSub engine = engines.started(builder -> builder.shutdownTimeout(Duration.ZERO));
            AtomicLong completed = new AtomicLong();
            engine.subscribe(
                    SubscriptionSpec.builder("s", "t").queueCapacity(10_000).build(),
                    (m, d) -> completed.incrementAndGet());
            List<CompletableFuture<List<CompletableFuture<DeliveryReport>>>> publishers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                publishers.add(CompletableFuture.supplyAsync(() -> deliverUntilClosed(engine), threads));
            }
            await().pollInterval(Duration.ofMillis(1)).until(() -> completed.get() > 5);

            engine.close();

            for (var publisher : publishers) {
                for (var future : publisher.get(5, TimeUnit.SECONDS)) {
                    assertThat(future.get(5, TimeUnit.SECONDS).outcomes()).containsOnlyKeys("s");
                }
            }
            assertBalanced(engine);
        }
    }

    /**
     * A stop waits before it closes, and then hardly ever meets a publisher on its way; subscriptions that are closed
     * one by one, with little in them, meet it: it reserves in all of them before it hands over to any.
     */
    @Test
    void noCopyIsLeftBehindWhenAPublisherRacesTheCloseOfItsSubscriptions() throws Exception {
        PubSub engine = engines.started();
        int rounds = 100 * Integer.getInteger("pubsub.test.scale", 1);
        for (int round = 0; round < rounds; round++) {
            List<Subscription> subscriptions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SubscriptionSpec<Object> spec = SubscriptionSpec.builder("s" + i, "t")
                        .queueCapacity(100_000)
                        .build();
                subscriptions.add(engine.subscribe(spec, (m, d) -> {}));
            }
            subscriptions.forEach(Subscription::pause); // nobody but the close settles a copy
            AtomicInteger delivered = new AtomicInteger();
            CompletableFuture<List<CompletableFuture<DeliveryReport>>> publisher =
                    CompletableFuture.supplyAsync(() -> deliverUntilNobodyTakesIt(engine, delivered), threads);
            while (delivered.get() == 0) {
                Thread.onSpinWait();
            }

            subscriptions.forEach(Subscription::close);

            for (var future : publisher.get(5, TimeUnit.SECONDS)) {
                assertThat(future)
                        .as("a delivery whose subscriptions were closed meanwhile, round %d", round)
                        .succeedsWithin(Duration.ofSeconds(2));
            }
        }
    }

    private static List<CompletableFuture<DeliveryReport>> deliverUntilNobodyTakesIt(
            PubSub engine, AtomicInteger delivered) {
        List<CompletableFuture<DeliveryReport>> futures = new ArrayList<>();
        while (true) {
            CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", futures.size()));
            if (future.isDone() && future.join().outcomes().isEmpty()) {
                return futures;
            }
            futures.add(future);
            delivered.incrementAndGet();
        }
    }

    private static List<CompletableFuture<DeliveryReport>> deliverUntilClosed(PubSub engine) {
        List<CompletableFuture<DeliveryReport>> futures = new ArrayList<>();
        while (futures.size() < 500) {
            CompletableFuture<DeliveryReport> future = engine.deliver(Message.of("t", futures.size()));
            if (future.isCompletedExceptionally()) {
                return futures;
            }
            futures.add(future);
        }
        return futures;
    }

    private List<CompletableFuture<Throwable>> publishers(PubSub engine, int count) {
        List<CompletableFuture<Throwable>> publishers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publishers.add(publisher(() -> engine.publish("t", "waits")));
        }
        return publishers;
    }

    private CompletableFuture<Throwable> publisher(Runnable publish) {
        return CompletableFuture.runAsync(publish, threads).handle((done, thrown) -> {
            return thrown == null ? new AssertionError("it was accepted") : thrown.getCause();
        });
    }
}
