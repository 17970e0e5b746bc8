package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many threads an engine has, and when they go. */
@Timeout(60)
class ThreadsTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();
    private Set<Thread> before = Set.of();

    @BeforeEach
    void rememberThreadsOfOtherTests() {
        before = Set.copyOf(engineThreads());
    }

    @Test
    void idleSubscriptionsOwnNoThread() {
        PubSub engine = engines.started();
        for (int i = 0; i < 500; i++) {
            engine.subscribe(SubscriptionSpec.builder("s" + i, "t" + i).build(), (m, d) -> {});
        }
        assertThat(ownThreads()).isEmpty();
    }

    @Test
    void thereAreAtMostAsManyWorkersAsTheSumOfTheConcurrencies() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("a", "t").concurrency(3).build(), (m, d) -> gate.pass());
        engine.subscribe(SubscriptionSpec.builder("b", "t").concurrency(2).build(), (m, d) -> gate.pass());
        for (int i = 0; i < 200; i++) {
            engine.publish("t", i);
        }
        gate.awaitArrivals(5);
        assertThat(workers()).isEqualTo(5);
        assertThat(figures(engine, "a").active()).isEqualTo(3);
        assertThat(figures(engine, "b").active()).isEqualTo(2);
        gate.open();
        awaitQuiet(engine);
        assertThat(workers()).isLessThanOrEqualTo(5);
    }

    @Test
    void abandonedHandlersAddAtMostMaxAbandonedThreads() { // FAULTS 4
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .concurrency(2)
                        .maxAbandoned(4)
                        .timeout(Duration.ofMillis(30))
                        .build(),
                (m, d) -> gate.passStubbornly());
        for (int i = 0; i < 50; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        int abandoned = figures(engine, "s").abandoned();
        assertThat(abandoned).isBetween(4, 5); // the cap, and one that ran when it was reached
        assertThat(gate.arrived()).isEqualTo(abandoned);
        assertThat(workers()).isLessThanOrEqualTo(2 + abandoned);
        gate.open();
        Soon.until(() -> figures(engine, "s").lateCompletions() == abandoned);
        assertThat(figures(engine, "s").abandoned()).isZero();
    }

    @Test
    void theThreadOfATimedOutAttemptEndsAndIsNotUsedAgain() {
        PubSub engine = engines.started();
        Set<Thread> timedOut = ConcurrentHashMap.newKeySet();
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(20))
                        .maxAbandoned(1_000)
                        .build(),
                (m, d) -> {
                    if (timedOut.contains(Thread.currentThread())) {
                        used.add(Thread.currentThread());
                    }
                    if (m.payload().equals("slow")) {
                        timedOut.add(Thread.currentThread());
                        gate.pass();
                    }
                });
        for (int i = 0; i < 10; i++) {
            engine.publish("t", "slow");
            engine.publish("t", "quick");
        }
        awaitQuiet(engine);
        assertThat(timedOut).hasSize(10);
        assertThat(used).isEmpty();
        Soon.until(() -> timedOut.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void aBurstOfCompletedFuturesDoesNotMakeAThreadForEach() throws Exception {
        PubSub engine = engines.started();
        var subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").queueCapacity(5_000).build(), (m, d) -> {});
        subscription.pause();
        List<CompletableFuture<DeliveryReport>> futures = new ArrayList<>();
        AtomicInteger onWorkers = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            futures.add(engine.deliver(Message.of("t", i)).whenComplete((report, thrown) -> {
                boolean settling = StackWalker.getInstance()
                        .walk(frames -> frames.anyMatch(
                                frame -> frame.getClassName().equals(SubscriptionRuntime.class.getName())));
                if (settling) {
                    onWorkers.incrementAndGet();
                }
                try {
                    gate.pass(); // callbacks that block
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        CompletableFuture<Void> close = CompletableFuture.runAsync(subscription::close);
        gate.awaitArrivals(1);
        close.get(10, TimeUnit.SECONDS);
        assertThat(workers()).isLessThanOrEqualTo(64);
        gate.open();
        for (CompletableFuture<DeliveryReport> future : futures) {
            assertThat(future.get(10, TimeUnit.SECONDS).outcomes()).containsOnlyKeys("s");
        }
        assertThat(onWorkers).hasValue(0);
    }

    @Test
    void aCallbackThatWaitsForAnotherDeliveryDoesNotBlockIt() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});

        CompletableFuture<DeliveryReport> chain = engine.deliver(Message.of("t", 1))
                .thenApply(first -> engine.deliver(Message.of("t", 2)).join())
                .thenApply(second -> engine.deliver(Message.of("t", 3)).join());

        assertThat(chain.get(5, TimeUnit.SECONDS).outcomes()).containsOnlyKeys("s");
    }

    @Test
    void allThreadsGoAwayAfterClose() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").concurrency(4).build(), (m, d) -> Thread.onSpinWait());
        for (int i = 0; i < 1_000; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        assertThat(ownThreads()).isNotEmpty();

        engine.close();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(ownThreads()).isEmpty());
    }

    @Test
    void anEngineThatWasNeverUsedOwnsNoThread() {
        engines.started();
        assertThat(ownThreads()).isEmpty();
    }

    private int workers() {
        return (int) ownThreads().stream()
                .filter(thread -> thread.getName().startsWith("pubsub-worker-"))
                .count();
    }

    private List<Thread> ownThreads() {
        return engineThreads().stream()
                .filter(thread -> !before.contains(thread))
                .toList();
    }

    private static List<Thread> engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pubsub-") && thread.isAlive())
                .toList();
    }
}
