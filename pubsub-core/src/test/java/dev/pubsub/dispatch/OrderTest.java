package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 10. */
@Timeout(60)
class OrderTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Map<Object, List<Object>> seen = new ConcurrentHashMap<>();
    private final Map<Object, AtomicInteger> inside = new ConcurrentHashMap<>();
    private final AtomicInteger overlaps = new AtomicInteger();

    private static SubscriptionSpec.Builder<Object> keyed() {
        return SubscriptionSpec.builder("s", "**")
                .ordering(Ordering.KEY)
                .concurrency(8)
                .queueCapacity(100)
                .circuitBreaker(BreakerPolicy.builder().enabled(false).build())
                .retry(RetryPolicy.builder()
                        .maxAttempts(3)
                        .waitDuration(Duration.ofMillis(1))
                        .build());
    }

    /** Notes what is handled to the end, by that key. */
    private MessageHandler<Object> noting(
            java.util.function.Function<Message<?>, Object> by, MessageHandler<Object> body) {
        return (m, d) -> {
            Object key = by.apply(m);
            AtomicInteger within = inside.computeIfAbsent(key, any -> new AtomicInteger());
            if (within.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            try {
                body.handle(m, d);
                seen.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(m.payload());
            } finally {
                within.decrementAndGet();
            }
        };
    }

    @Test
    void copiesOfOneKeyComeOneAtATimeAndInOrderThroughRetriesPausesAndStops() throws Exception {
        PubSub engine = engines.started(builder -> builder.publishTimeout(Duration.ofSeconds(30)));
        Subscription subscription = engine.subscribe(keyed().build(), noting(Message::key, (m, d) -> {
            if (m.payload().hashCode() % 5 == 0 && d.attempt() < 3) {
                throw new IllegalStateException("fails twice");
            }
        }));
        List<CompletableFuture<Void>> producers = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            String prefix = "p" + p + "-";
            producers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 1_000; i++) {
                    boolean accepted = false;
                    while (!accepted) {
                        try {
                            engine.publish("t", prefix + i % 3, i);
                            accepted = true;
                        } catch (dev.pubsub.PubSubClosedException stopped) {
                            Thread.yield();
                        }
                    }
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(producers.toArray(new CompletableFuture<?>[0]));
        int changes = 0;
        while (!all.isDone()) {
            if (changes++ % 2 == 0) {
                subscription.pause();
                Thread.yield();
                subscription.resume();
            } else {
                engine.stop(Duration.ofMillis(2));
                engine.start();
            }
        }
        all.get(1, TimeUnit.SECONDS);
        awaitQuiet(engine);
        assertThat(overlaps).hasValue(0);
        assertThat(seen).hasSize(12);
        for (int p = 0; p < 4; p++) {
            for (int k = 0; k < 3; k++) {
                List<Object> expected = new ArrayList<>();
                for (int i = k; i < 1_000; i += 3) {
                    expected.add(i);
                }
                assertThat(seen.get("p" + p + "-" + k)).isEqualTo(expected);
            }
        }
    }

    @Test
    void aKeysFollowersWaitForItsRetryAndOtherKeysPass() throws Exception {
        PubSub engine = engines.started();
        List<String> order = new CopyOnWriteArrayList<>();
        engine.subscribe(
                keyed().retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(300))
                                .jitter(0)
                                .build())
                        .build(),
                (m, d) -> {
                    order.add(m.key() + m.payload() + "#" + d.attempt());
                    if (m.payload().equals(1) && m.key().equals("a") && d.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                });
        engine.publish("t", "a", 1);
        engine.publish("t", "a", 2);
        Soon.until(() -> figures(engine, "s").parked() == 1);
        engine.publish("t", "b", 1);

        awaitQuiet(engine);
        assertThat(order).containsExactly("a1#1", "b1#1", "a1#2", "a2#1");
    }

    @Test
    void aKeysFollowersWaitForATimedOutHandlerToReturn() {
        PubSub engine = engines.started();
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(keyed().timeout(Duration.ofMillis(50)).build(), noting(Message::key, (m, d) -> {
            if (m.payload().equals("hangs")) {
                gate.passStubbornly();
            }
        }));
        engine.publish("t", "a", "hangs");
        engine.publish("t", "a", "follows");
        Soon.until(() -> figures(engine, "s").timeouts() == 1);
        engine.publish("t", "b", "passes");
        Soon.until(() -> figures(engine, "s").completed() == 1);
        assertThat(seen).containsOnlyKeys("b");
        gate.open();
        awaitQuiet(engine);
        assertThat(seen.get("a")).containsExactly("hangs", "follows"); // late, but before its follower
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void aSequencedKeyWaitsBehindItsDeadLettersAndGoesOnInOrderByReplays() {
        PubSub engine = engines.started();
        AtomicInteger poison = new AtomicInteger(3);
        engine.subscribe(keyed().sequenced(true).build(), noting(Message::key, (m, d) -> {
            if (m.payload().equals(poison.get())) {
                throw new RejectMessageException("not now");
            }
        }));
        for (int i = 1; i <= 6; i++) {
            engine.publish("t", "k", i);
        }
        engine.publish("t", "other", 3 * 100);
        awaitQuiet(engine);
        assertThat(seen.get("k")).containsExactly(1, 2);
        assertThat(seen.get("other")).containsExactly(300);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .extracting(DeadLetter::reason)
                .containsExactlyInAnyOrder(
                        DeadLetter.Reason.REJECTED,
                        DeadLetter.Reason.SEQUENCED,
                        DeadLetter.Reason.SEQUENCED,
                        DeadLetter.Reason.SEQUENCED);

        poison.set(-1);
        var replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
        engine.publish("t", "k", 7);
        Soon.until(() -> replay.state() != dev.pubsub.DeadLetters.Replay.State.RUNNING);
        while (engine.deadLetters().size() > 0) {
            awaitQuiet(engine);
            var rest = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
            Soon.until(() -> rest.state() != dev.pubsub.DeadLetters.Replay.State.RUNNING);
        }
        awaitQuiet(engine);
        assertThat(seen.get("k")).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(overlaps).hasValue(0);
    }

    @Test
    void copiesOfOneTopicComeOneAtATimeAndInOrder() {
        PubSub engine = engines.started();
        engine.subscribe(
                keyed().ordering(Ordering.TOPIC).queueCapacity(5_000).build(), noting(Message::topic, (m, d) -> {
                    if ((Integer) m.payload() % 50 == 0 && d.attempt() == 1) {
                        throw new IllegalStateException("once");
                    }
                }));
        for (int i = 0; i < 2_000; i++) {
            engine.publish("t." + i % 3, "k" + i % 10, i);
        }
        awaitQuiet(engine);
        assertThat(overlaps).hasValue(0);
        assertThat(seen).hasSize(3);
        assertThat(seen.values()).allSatisfy(list -> assertThat(
                        list.stream().map(Integer.class::cast).toList())
                .isSorted());
    }

    @Test
    void withoutAKeyOrAnOrderCopiesRunSideBySide() {
        PubSub engine = engines.started();
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(keyed().build(), (m, d) -> gate.pass());
        engine.subscribe(
                SubscriptionSpec.builder("unordered", "**").concurrency(8).build(), (m, d) -> gate.pass());
        for (int i = 0; i < 4; i++) {
            engine.publish("t", i);
            engine.publish("t", "one key", i);
        }
        // 4 without a key and 1 of the key; all 8 of the unordered one
        Soon.until(() -> figures(engine, "s").active() == 5);
        Soon.until(() -> figures(engine, "unordered").active() == 8);
        gate.open();
        awaitQuiet(engine);
    }

    @Test
    void publishAsyncAndPublishAllKeepTheOrderOfTheirCalls() {
        PubSub engine = engines.started();
        engine.subscribe(keyed().queueCapacity(10_000).build(), noting(Message::key, (m, d) -> {}));
        int number = 0;
        for (int i = 0; i < 300; i++) {
            engine.publishAsync(Message.builder("t", number++).key("k").build());
            engine.publishAll(List.of(
                    Message.builder("t", number++).key("k").build(),
                    Message.builder("t", number++).key("k").build()));
            engine.publish("t", "k", number++);
            engine.deliver(Message.builder("t", number++).key("k").build());
        }
        awaitQuiet(engine);
        assertThat(seen.get("k")).hasSize(number);
        assertThat(seen.get("k").stream().map(Integer.class::cast).toList()).isSorted();
    }

    @Test
    void whatAHandlerPublishesComesInTheOrderOfItsCalls() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("source", "in").build(), (m, d) -> {
            for (int i = 0; i < 20; i++) {
                engine.publish("out", "k", (Integer) m.payload() * 20 + i);
            }
        });
        engine.subscribe(
                SubscriptionSpec.builder("sink", "out")
                        .ordering(Ordering.KEY)
                        .concurrency(8)
                        .build(),
                noting(Message::key, (m, d) -> {}));
        for (int i = 0; i < 50; i++) {
            engine.publish("in", i);
        }
        Soon.until(() -> figures(engine, "sink").completed() == 1_000);
        assertThat(seen.get("k").stream().map(Integer.class::cast).toList()).isSorted();
        assertThat(overlaps).hasValue(0);
    }
}
