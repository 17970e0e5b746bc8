package dev.pubsub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.ModelHandler.Temper;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** The steps of {@link EngineStateMachineTest}, and what must be so after each. Used by one thread. */
final class ModelWorld {

    private static final int SLOTS = 4;

    /** A delivery that somebody follows. */
    private record Followed(
            Message<Integer> message, CompletableFuture<DeliveryReport> future, Map<String, ModelHandler> takers) {}

    private final PubSub engine;
    private final Random random;
    private final Map<String, ModelHandler> handlers = new HashMap<>();
    private final Map<String, Subscription> live = new HashMap<>();
    private final List<Followed> followed = new ArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Deque<String> history = new ArrayDeque<>();
    private final ModelPublisher publisher;

    ModelWorld(PubSub engine, Random random) {
        this.engine = engine;
        this.random = random;
        this.publisher = new ModelPublisher(engine, random, live);
    }

    List<String> violations() {
        return violations;
    }

    String history() {
        return String.join(", ", history);
    }

    void step() {
        int dice = random.nextInt(100);
        if (dice < 37) {
            log("publish");
            publisher.publish(1 + random.nextInt(20));
        } else if (dice < 45) {
            log("burst");
            publisher.burst(50 + random.nextInt(100), this::inTheMidst);
        } else if (dice < 60) {
            log("deliver");
            deliver(1 + random.nextInt(10));
        } else if (dice < 65) {
            log("cancel");
            cancelSome(1 + random.nextInt(8));
        } else if (dice < 73) {
            subscribeOrClose();
        } else if (dice < 81) {
            pauseOrResume();
        } else if (dice < 86) {
            replay();
        } else if (dice < 92) {
            stopAndStart();
        } else {
            log("wait");
            Thread.yield();
            engine.snapshot();
        }
    }

    private void inTheMidst() {
        switch (random.nextInt(6)) {
            case 0 -> pauseOrResume();
            case 1 -> subscribeOrClose();
            case 2 -> stopAndStart();
            default -> log("look");
        }
    }

    private void log(String what) {
        history.addLast(what);
        if (history.size() > 40) {
            history.removeFirst();
        }
    }

    /** Guarantee 1, and the sum of its parts that a subscription shows at any moment. */
    void assertWithinBounds() {
        for (SubscriptionFigures figures : publisher.balanced()) {
            SubscriptionSpec<?> spec = live.get(figures.id()).spec();
            assertThat(figures.active()).as("active of %s", figures.id()).isLessThanOrEqualTo(spec.concurrency());
            assertThat(figures.queued() + figures.active() + figures.parked())
                    .as("places of %s", figures.id())
                    .isLessThanOrEqualTo(spec.queueCapacity() + spec.concurrency());
        }
    }

    /**
     * Guarantees 1 and 11, in a quiet moment: each place is free, and there is not one more. All are paused, so that
     * nothing gives a place back.
     */
    void assertEachPlaceIsFreeAndNotOneMore() {
        live.forEach((id, subscription) -> {
            subscription.pause();
            handlers.get(id).forbid("paused");
        });
        live.forEach((id, subscription) -> {
            SubscriptionSpec<?> spec = subscription.spec();
            if (spec.whenFull() == WhenFull.REFUSE) {
                assertFreePlaces(ModelPublisher.topicOf(id), spec.queueCapacity() + spec.concurrency());
            }
        });
        assertWithinBounds();
        resumeAll();
    }

    private void assertFreePlaces(String topic, int places) {
        for (int i = 1; i <= places; i++) {
            Message<Integer> message = publisher.message(topic);
            assertThatCode(() -> engine.publish(message))
                    .as("publish no. %d into %d free places", i, places)
                    .doesNotThrowAnyException();
        }
        Message<Integer> message = publisher.message(topic);
        assertThatThrownBy(() -> engine.publish(message))
                .as("one publish more than there are places, %d", places)
                .isInstanceOfAny(QueueFullException.class, PublishTimeoutException.class);
    }

    /** Guarantee 12: what is published before the start is taken, and waits. */
    void beforeTheStart() {
        log("before the start");
        for (int i = 0; i < SLOTS; i++) {
            if (random.nextBoolean()) {
                subscribeOrClose();
            }
        }
        handlers.values().forEach(handler -> handler.forbid("not started"));
        publisher.publish(10);
        deliver(5);
        assertThat(publisher.balanced()).allSatisfy(figures -> assertThat(
                        figures.active() + figures.parked() + figures.completed() + figures.failures())
                .as("what attempts before the start have left of %s", figures.id())
                .isZero());
        handlers.values().forEach(ModelHandler::allow);
        log("start");
        engine.start();
    }

    /** Guarantees 9 and 11: a close in the midst of everything. */
    void closeInTheMidst() {
        publisher.publish(20);
        deliver(10);
        log("close the engine");
        publisher.burst(100, () -> {
            engine.close();
            handlers.values().forEach(handler -> handler.forbid("the engine is closed")); // before anybody looks
        });
        assertThatThrownBy(() -> engine.publish(publisher.message())).isInstanceOf(PubSubClosedException.class);
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            Message<Integer> message = publisher.message();
            followed.add(new Followed(message, engine.deliver(message), Map.copyOf(handlers)));
        }
    }

    private void cancelSome(int most) {
        deliver(most); // some at least are not settled yet
        for (int i = 0; i < most; i++) {
            followed.get(random.nextInt(followed.size())).future.cancel(true);
        }
    }

    private void subscribeOrClose() {
        String id = "s" + random.nextInt(SLOTS);
        Subscription subscription = live.remove(id);
        if (subscription == null) {
            log("subscribe " + id);
            boolean swift = random.nextInt(3) == 0;
            Ordering ordering = swift ? Ordering.NONE : Ordering.values()[random.nextInt(3)];
            ModelHandler handler = new ModelHandler(violations, ordering, swift ? Temper.STEADY : temper());
            handlers.put(id, handler);
            SubscriptionSpec.Builder<Object> spec = spec(id).ordering(ordering);
            live.put(id, engine.subscribe((swift ? swift(spec) : spec).build(), handler));
        } else {
            log("close " + id);
            subscription.close();
            handlers.remove(id).forbid("closed");
        }
    }

    private Temper temper() {
        return random.nextInt(5) == 0 ? Temper.BRITTLE : Temper.USUAL;
    }

    /** What a worker takes several copies of at once. */
    private SubscriptionSpec.Builder<Object> swift(SubscriptionSpec.Builder<Object> spec) {
        return spec.concurrency(1).queueCapacity(63 + random.nextInt(200));
    }

    private SubscriptionSpec.Builder<Object> spec(String id) {
        return SubscriptionSpec.builder(id, publisher.patterns(id))
                .concurrency(1 + random.nextInt(4))
                .queueCapacity(1 + random.nextInt(60))
                .timeout(Duration.ofMillis(40))
                .maxAbandoned(1 + random.nextInt(6))
                .whenFull(WhenFull.values()[random.nextInt(3)])
                .deadLetter(random.nextInt(4) > 0)
                .retry(RetryPolicy.builder()
                        .maxAttempts(1 + random.nextInt(3))
                        .waitDuration(Duration.ofMillis(1 + random.nextInt(5)))
                        .retryExceptions(
                                random.nextInt(4) > 0
                                        ? Set.of()
                                        : Set.of(dev.pubsub.HandlerTimeoutException.class, IllegalStateException.class))
                        .build())
                .circuitBreaker(BreakerPolicy.builder()
                        .enabled(random.nextBoolean())
                        .slidingWindowSize(5)
                        .minimumNumberOfCalls(5)
                        .waitDurationInOpenState(Duration.ofMillis(10))
                        .maxProbes(3)
                        .build());
    }

    private void pauseOrResume() {
        if (live.isEmpty()) {
            return;
        }
        String id = List.copyOf(live.keySet()).get(random.nextInt(live.size()));
        ModelHandler handler = handlers.get(id);
        if (handler.isForbidden()) {
            log("resume " + id);
            handler.allow();
            resume(live.get(id));
        } else {
            log("pause " + id);
            live.get(id).pause();
            await().pollInterval(Duration.ofMillis(1)).until(() -> figures(id).active() == 0);
            if (figures(id).pausedBy() != null && figures(id).pausedBy().equals("manual")) {
                handler.forbid("paused");
            }
        }
    }

    private SubscriptionFigures figures(String id) {
        return dev.pubsub.testing.Engines.figures(engine, id);
    }

    private static void resume(Subscription subscription) {
        try {
            subscription.resume();
        } catch (IllegalStateException stillQuarantined) {
            assertThat(subscription.state()).isEqualTo(Subscription.State.QUARANTINED);
        }
    }

    private void replay() {
        log("replay");
        for (DeadLetter letter :
                engine.deadLetters().find(DeadLetterQuery.builder().limit(5).build())) {
            ModelHandler handler = handlers.get(letter.subscriptionId());
            if (handler != null) {
                handler.expectOutOfOrder(letter.message());
            }
            try {
                engine.deadLetters().replay(letter.id());
            } catch (IllegalStateException | PubSubException refused) {
                // no such subscription, no room, stopped or quarantined
            }
        }
    }

    private void stopAndStart() {
        int drain = random.nextInt(3) * 10;
        log("stop " + drain);
        engine.stop(Duration.ofMillis(drain));
        List<ModelHandler> running =
                handlers.values().stream().filter(one -> !one.isForbidden()).toList();
        running.forEach(one -> one.forbid("stopped"));
        assertThatThrownBy(() -> engine.publish(publisher.message())).isInstanceOf(PubSubClosedException.class);
        if (random.nextInt(3) == 0) {
            subscribeOrClose();
        }
        if (random.nextBoolean()) {
            Thread.yield();
        }
        running.stream().filter(one -> one.isForbiddenBy("stopped")).forEach(ModelHandler::allow);
        log("start");
        engine.start();
    }

    void letEverythingRun() {
        engine.start();
        resumeAll();
    }

    void resumeAll() {
        live.forEach((id, subscription) -> {
            handlers.get(id).allow();
            resume(subscription);
        });
    }

    void assertAllDeliveriesDone() {
        for (Followed one : followed) {
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(one.future)
                            .as("delivery of %s", one.message.payload())
                            .isDone());
        }
    }

    void assertCompletedCopiesWereHandled() {
        for (Followed one : followed) {
            if (one.future.isCompletedExceptionally()) {
                continue;
            }
            one.future.join().outcomes().forEach((id, outcome) -> {
                ModelHandler handler = one.takers.get(id);
                assertThat(handler).as("a subscription that was there").isNotNull();
                if (outcome == Outcome.COMPLETED) {
                    assertThat(handler.completions(one.message))
                            .as("completions of %s in %s", one.message.payload(), id)
                            .isPositive();
                }
            });
        }
        followed.clear();
    }
}
