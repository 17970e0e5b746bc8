package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FirstStepsTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aPublishedMessageReachesEverySubscriptionThatMatches() throws Exception {
        PubSub engine = engines.started();
        List<Object> exact = new CopyOnWriteArrayList<>();
        List<Object> all = new CopyOnWriteArrayList<>();
        engine.subscribe(SubscriptionSpec.builder("exact", "orders.created").build(), (m, d) -> exact.add(m.payload()));
        engine.subscribe(SubscriptionSpec.builder("all", "orders.**").build(), (m, d) -> all.add(m.payload()));

        assertThat(engine.publish("orders.created", "a").subscriptions()).isEqualTo(2);
        assertThat(engine.publish("orders.eu.created", "b").subscriptions()).isEqualTo(1);
        assertThat(engine.publish("other", "c").subscriptions()).isZero();

        awaitQuiet(engine);
        assertThat(exact).containsExactly("a");
        assertThat(all).containsExactly("a", "b");
    }

    @Test
    void deliverReportsHowEachCopyWasSettled() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("good", "t").build(), (m, d) -> {});
        engine.subscribe(
                SubscriptionSpec.builder("bad", "t")
                        .retry(RetryPolicy.disabled())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("no");
                });

        var report = engine.deliver(Message.of("t", "x")).get(5, TimeUnit.SECONDS);

        assertThat(report.outcomes())
                .containsEntry("good", Outcome.COMPLETED)
                .containsEntry("bad", Outcome.DEAD_LETTERED);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.FAILURE));
    }

    @Test
    void aFailureIsRetriedThenDeadLettered() {
        PubSub engine = engines.started();
        AtomicInteger calls = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(5))
                                .build())
                        .build(),
                (m, d) -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("no");
                });
        engine.publish("t", "x");
        Soon.until(() -> engine.deadLetters().size() == 1);
        awaitQuiet(engine);
        assertThat(calls).hasValue(3);
        assertThat(figures(engine, "s").retries()).isEqualTo(2);
    }

    @Test
    void aHandlerThatExceedsItsDeadlineIsAbandoned() throws Exception {
        PubSub engine = engines.started();
        CountDownLatch release = new CountDownLatch(1);
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(50))
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("hang")) {
                        boolean done = false;
                        while (!done) {
                            try {
                                release.await();
                                done = true;
                            } catch (InterruptedException ignored) {
                                // hangs on
                            }
                        }
                    }
                });
        engine.publish("t", "hang");
        engine.publish("t", "good");
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(figures(engine, "s").timeouts()).isEqualTo(1);
        assertThat(figures(engine, "s").abandoned()).isEqualTo(1);
        release.countDown();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        assertThat(figures(engine, "s").abandoned()).isZero();
    }

    @Test
    void manyMessagesOfManyKeysStayInOrderPerKey() {
        PubSub engine = engines.started();
        java.util.Map<String, List<Integer>> seen = new java.util.concurrent.ConcurrentHashMap<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .concurrency(4)
                        .build(),
                (m, d) -> seen.computeIfAbsent(m.key(), k -> new CopyOnWriteArrayList<>())
                        .add((Integer) m.payload()));
        for (int i = 0; i < 5_000; i++) {
            engine.publish("t", "k" + i % 7, i);
        }
        awaitQuiet(engine);
        assertThat(seen.values()).allSatisfy(list -> assertThat(list).isSorted());
        assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(5_000);
    }

    @Test
    void stopKeepsWhatIsQueuedAndStartGoesOn() {
        PubSub engine = engines.started();
        AtomicInteger calls = new AtomicInteger();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> calls.incrementAndGet());
        subscription.pause();
        for (int i = 0; i < 10; i++) {
            engine.publish("t", i);
        }
        engine.stop(Duration.ofMillis(100));
        assertThat(figures(engine, "s").queued()).isEqualTo(10);
        subscription.resume();
        engine.start();
        awaitQuiet(engine);
        assertThat(calls).hasValue(10);
    }
}
