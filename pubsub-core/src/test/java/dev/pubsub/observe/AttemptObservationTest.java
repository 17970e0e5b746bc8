package dev.pubsub.observe;

import static dev.pubsub.observe.RecordedObservations.high;
import static dev.pubsub.observe.RecordedObservations.low;
import static dev.pubsub.observe.RecordedObservations.parent;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.UndeliverableException;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import io.micrometer.observation.Observation;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is observed of the attempts at a copy: each once, whoever ends it. */
class AttemptObservationTest {

    private static final RetryPolicy AT_ONCE =
            RetryPolicy.builder().waitDuration(Duration.ofMillis(1)).jitter(0).build();

    @RegisterExtension
    final Engines engines = new Engines();

    private final RecordedObservations observed = new RecordedObservations();
    private final ManualTime time = new ManualTime();
    private final Stubborn stubborn = new Stubborn();

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSubBuilder traced(PubSubBuilder builder) {
        return builder.messageTracer(MicrometerTracer.of(observed.registry, ContextCarrier.none()));
    }

    private PubSub engine() {
        return engines.started(this::traced);
    }

    private PubSub onManualTime() {
        return engines.started(builder -> traced(builder).timeSource(time).scheduler(time));
    }

    @Test
    void anAttemptIsObservedAsAConsumerUnderNamesOfOpenTelemetry() {
        PubSub engine = engine();
        engine.subscribe(
                SubscriptionSpec.builder("billing", "orders.*", "refunds").build(), (m, d) -> {});

        String id = engine.publish("orders.created", "x").messageId();
        awaitQuiet(engine);

        ProcessObservationContext attempt = only(observed.attempts());
        assertThat(attempt.getName()).isEqualTo("pubsub.message.process");
        assertThat(attempt.getContextualName()).isEqualTo("process billing");
        assertThat(attempt.getKind()).isEqualTo(Kind.CONSUMER);
        assertThat(attempt.getGetter().get(attempt.getCarrier(), "traceparent"))
                .isEqualTo(RecordedObservations.traceparent(1));
        assertThat(low(attempt))
                .containsOnly(
                        entry("messaging.system", "pubsub"),
                        entry("messaging.operation.name", "process"),
                        entry("messaging.operation.type", "process"),
                        entry("messaging.destination.template", "orders.*,refunds"),
                        entry("messaging.destination.subscription.name", "billing"),
                        entry("messaging.pubsub.result", "success"));
        assertThat(high(attempt))
                .containsOnly(
                        entry("messaging.destination.name", "orders.created"),
                        entry("messaging.message.id", id),
                        entry("messaging.pubsub.attempt", "1"));
    }

    @Test
    void retriesAreChildrenOfTheSamePublish() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").retry(AT_ONCE).build(), (m, d) -> {
            if (d.attempt() < 3) {
                throw new IllegalStateException("fails");
            }
        });

        engine.publish("t", "x");
        awaitQuiet(engine);

        PublishObservationContext publish = only(observed.publishes());
        List<ProcessObservationContext> attempts = observed.attempts();
        assertThat(attempts).hasSize(3).allSatisfy(attempt -> assertThat(parent(attempt))
                .hasValue(publish));
        assertThat(attempts)
                .extracting(attempt -> high(attempt).get("messaging.pubsub.attempt"))
                .containsExactly("1", "2", "3");
        assertThat(attempts)
                .extracting(ProcessObservationContext::result)
                .containsExactly(AttemptResult.FAILURE, AttemptResult.FAILURE, AttemptResult.SUCCESS);
        assertThat(attempts)
                .extracting(attempt -> low(attempt).get("error.type"))
                .containsExactly(IllegalStateException.class.getName(), IllegalStateException.class.getName(), null);
    }

    @Test
    void theHandlerRunsWithinItsAttemptAndWhatItPublishesIsAChildOfThat() {
        PubSub engine = engine();
        List<Object> current = new CopyOnWriteArrayList<>();
        engine.subscribe(SubscriptionSpec.builder("first", "a").build(), (m, d) -> {
            current.add(observed.registry.getCurrentObservation().getContext());
            engine.publish("b", "x");
        });
        engine.subscribe(SubscriptionSpec.builder("second", "b").build(), (m, d) -> {});

        engine.publish("a", "x");
        awaitQuiet(engine);

        ProcessObservationContext first = attemptOf("first");
        assertThat(current).containsExactly(first);
        PublishObservationContext inner = observed.publishes().stream()
                .filter(publish -> publish.message().topic().equals("b"))
                .findFirst()
                .orElseThrow();
        assertThat(parent(inner)).hasValue(first);
        assertThat(parent(attemptOf("second"))).hasValue(inner);
    }

    private ProcessObservationContext attemptOf(String subscription) {
        return only(observed.attempts().stream()
                .filter(attempt -> attempt.delivery().subscriptionId().equals(subscription))
                .toList());
    }

    @Test
    void eachKindOfFailureIsTold() {
        PubSub engine = engine();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").retry(RetryPolicy.disabled()).build(), (m, d) -> {
                    if (m.payload() instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) m.payload();
                });
        engine.subscribe(
                SubscriptionSpec.builder("numbers", "n")
                        .payloadType(Integer.class)
                        .build(),
                (m, d) -> {});

        engine.publish("t", new IllegalStateException("fails"));
        awaitQuiet(engine);
        engine.publish("t", new StackOverflowError());
        awaitQuiet(engine);
        engine.publish("t", new RejectMessageException("no"));
        awaitQuiet(engine);
        engine.publish("n", "no number");
        awaitQuiet(engine);

        assertThat(observed.attempts())
                .extracting(attempt -> low(attempt).get("error.type"))
                .containsExactly(
                        IllegalStateException.class.getName(),
                        StackOverflowError.class.getName(),
                        RejectMessageException.class.getName(),
                        UndeliverableException.class.getName());
        assertThat(observed.attempts())
                .extracting(attempt -> low(attempt).get("messaging.pubsub.result"))
                .containsExactly("failure", "panic", "rejected", "rejected");
        assertThat(observed.stopCounts()).containsOnly(1);
    }

    @Test
    void anAttemptThatExceedsItsDeadlineEndsThereOnceWithTheTimeout() {
        PubSub engine = onManualTime();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(100))
                        .build(),
                (m, d) -> stubborn.hang());
        engine.publish("t", "x");
        stubborn.awaitInside(1);

        time.advance(Duration.ofMillis(100));

        ProcessObservationContext attempt = only(observed.attempts());
        assertThat(attempt.getError()).isInstanceOf(HandlerTimeoutException.class);
        assertThat(low(attempt))
                .containsEntry("error.type", HandlerTimeoutException.class.getName())
                .containsEntry("messaging.pubsub.result", "timeout");

        stubborn.release();
        Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
        Soon.until(() -> observed.scopesOpen() == 0);
        assertThat(observed.stopCounts()).containsExactly(1, 1);
    }

    @Test
    void anAttemptThatAShutdownCancelsIsNoErrorAndIsMadeAgain() {
        PubSub engine = engine();
        Gatekeeper gate = new Gatekeeper();
        AtomicBoolean hang = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            if (hang.get()) {
                gate.pass();
            }
        });
        engine.publish("t", "x");
        gate.awaitArrivals(1);

        engine.stop(Duration.ZERO);

        ProcessObservationContext cancelled = only(observed.attempts());
        assertThat(cancelled.result()).isEqualTo(AttemptResult.CANCELLED);
        assertThat(cancelled.getError()).isNull();

        hang.set(false);
        engine.start();
        awaitQuiet(engine);
        ProcessObservationContext again = observed.attempts().get(1);
        assertThat(again.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(parent(again)).hasValue(only(observed.publishes()));
        assertThat(observed.stopCounts()).containsExactly(1, 1, 1);
    }

    @Test
    void anAttemptThatOutlivesItsShutdownEndsThereOnce() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> stubborn.hang());
        engine.publish("t", "x");
        stubborn.awaitInside(1);

        engine.stop(Duration.ZERO);

        assertThat(only(observed.attempts()).result()).isEqualTo(AttemptResult.CANCELLED);
        stubborn.release();
        Soon.until(() -> observed.scopesOpen() == 0);
        assertThat(observed.stopCounts()).containsExactly(1, 1);
    }

    @Test
    void whoeverEndsAnAttemptAtItsDeadlineItEndsOnce() {
        PubSub engine = engine();
        int messages = 300;
        AtomicInteger handled = new AtomicInteger();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(2))
                        .concurrency(4)
                        .maxAbandoned(1_000)
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(dev.pubsub.BreakerPolicy.builder()
                                .enabled(false)
                                .build())
                        .build(),
                (m, d) -> {
                    while (!d.remaining().isZero()) {
                        Thread.onSpinWait();
                    }
                    handled.incrementAndGet();
                });

        for (int i = 0; i < messages; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        Soon.until(() -> handled.get() == messages && observed.scopesOpen() == 0);

        assertThat(observed.attempts()).hasSize(messages);
        assertThat(observed.stopCounts()).hasSize(2 * messages).containsOnly(1);
        assertThat(observed.attempts()).allSatisfy(attempt -> assertThat(attempt.result() == AttemptResult.TIMEOUT)
                .isEqualTo(attempt.getError() instanceof HandlerTimeoutException));
    }

    @Test
    void aReplayTellsItsDeadLetterAndIsAChildOfWhoReplaysIt() {
        PubSub engine = engine();
        AtomicBoolean failing = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").retry(AT_ONCE).build(), (m, d) -> {
            if (failing.get()) {
                throw new RejectMessageException("no");
            }
        });
        engine.publish("t", "x");
        awaitQuiet(engine);
        DeadLetter letter = only(engine.deadLetters().find(DeadLetterQuery.all()));
        failing.set(false);
        Observation operator = Observation.start("operator", observed.registry);

        try (Observation.Scope scope = operator.openScope()) {
            engine.deadLetters().replay(letter.id());
        }
        operator.stop();
        awaitQuiet(engine);

        ProcessObservationContext replay = observed.attempts().get(1);
        assertThat(high(replay))
                .containsEntry("messaging.pubsub.dead_letter.id", letter.id())
                .containsEntry("messaging.pubsub.attempt", "1");
        assertThat(parent(replay)).hasValue(operator.getContext());
        assertThat(letter.message().headers()).containsEntry("traceparent", RecordedObservations.traceparent(1));
        assertThat(observed.scopesOpen()).isZero();
    }

    @Test
    void aReplayOfManyBelongsToWhoCalledForIt() {
        PubSub engine = onManualTime();
        AtomicBoolean failing = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            if (failing.get()) {
                throw new RejectMessageException("no");
            }
        });
        engine.publish("t", 1);
        engine.publish("t", 2);
        awaitQuiet(engine);
        failing.set(false);
        Observation operator = Observation.start("operator", observed.registry);

        try (Observation.Scope scope = operator.openScope()) {
            engine.deadLetters().replayAll(DeadLetterQuery.all(), 1);
        }
        time.advance(Duration.ofSeconds(2));
        awaitQuiet(engine);

        assertThat(observed.attempts().subList(2, 4))
                .allSatisfy(replay -> assertThat(parent(replay)).hasValue(operator.getContext()));
        assertThat(observed.scopesOpen()).isZero();
    }

    @Test
    void aCopyThatIsNeverAttemptedIsNeverObserved() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {})
                .pause();
        engine.publish("t", "x");

        engine.subscription("s").orElseThrow().close();

        assertThat(observed.attempts()).isEmpty();
        assertThat(observed.publishes()).hasSize(1);
    }

    @Test
    void aMessagePublishedFromOutsideIsFollowedByItsOwnHeader() {
        observed.registry.observationConfig().observationPredicate((name, context) -> !name.endsWith(".publish"));
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        Observation request = Observation.start("request", observed.registry);

        try (Observation.Scope scope = request.openScope()) {
            engine.publish(
                    Message.builder("t", "x").header("traceparent", "theirs").build());
        }
        awaitQuiet(engine);

        ProcessObservationContext attempt = only(observed.attempts());
        assertThat(attempt.getGetter().get(attempt.getCarrier(), "traceparent")).isEqualTo("theirs");
        assertThat(parent(attempt)).hasValue(request.getContext());
        assertThat(observed.publishes()).isEmpty();
    }

    @Test
    void whereAttemptsAreNotObservedTheHandlerRunsWithinThePublish() {
        observed.registry.observationConfig().observationPredicate((name, context) -> !name.endsWith(".process"));
        PubSub engine = engine();
        List<Object> current = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").build(),
                (m, d) -> current.add(observed.registry.getCurrentObservation().getContext()));

        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(current).containsExactly(only(observed.publishes()));
        assertThat(observed.attempts()).isEmpty();
    }

    @Test
    void anApplicationsTestSeesThemInItsTestRegistry() {
        TestObservationRegistry registry = TestObservationRegistry.create();
        PubSub engine =
                engines.started(builder -> builder.messageTracer(MicrometerTracer.of(registry, ContextCarrier.none())));
        engine.subscribe(SubscriptionSpec.builder("s", "t").retry(AT_ONCE).build(), (m, d) -> {
            if (d.attempt() == 1) {
                throw new IllegalStateException("fails");
            }
        });

        engine.publish("t", "x");
        awaitQuiet(engine);

        TestObservationRegistryAssert.assertThat(registry)
                .doesNotHaveAnyRemainingCurrentObservation()
                .hasNumberOfObservationsEqualTo(3)
                .hasNumberOfObservationsWithNameEqualTo("pubsub.message.process", 2)
                .hasAnObservation(process -> process.hasNameEqualTo("pubsub.message.process")
                        .hasLowCardinalityKeyValue("error.type", IllegalStateException.class.getName()))
                .hasObservationWithNameEqualTo("pubsub.message.publish")
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .doesNotHaveError();
    }

    private static <T> T only(List<? extends T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
