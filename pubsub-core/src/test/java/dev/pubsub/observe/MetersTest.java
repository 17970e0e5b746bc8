package dev.pubsub.observe;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every meter of the contract: its name, its tags, its value. */
class MetersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ManualTime time = new ManualTime();
    private final Stubborn stubborn = new Stubborn();

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSub engine(boolean full) {
        return engines.started(
                builder -> builder.timeSource(time).scheduler(time).metrics(MicrometerMetrics.of(registry, full)));
    }

    private Subscription subscribe(PubSub engine, String id, BreakerPolicy breaker) {
        return engine.subscribe(
                SubscriptionSpec.builder(id, "t")
                        .timeout(TIMEOUT)
                        .circuitBreaker(breaker)
                        .condition(m -> !m.payload().equals("filtered"))
                        .retry(RetryPolicy.builder().maxAttempts(2).jitter(0).build())
                        .build(),
                (m, d) -> {
                    switch (m.payload().toString()) {
                        case "failure" -> throw new IllegalStateException("no");
                        case "panic" -> throw new NoClassDefFoundError("no");
                        case "rejection" -> throw new RejectMessageException("no");
                        case "cancellation" -> throw new CancellationException("no");
                        case "hang" -> stubborn.hang();
                        default -> {}
                    }
                });
    }

    private void oneOfEach(PubSub engine) {
        for (String payload : List.of("good", "good", "panic", "rejection", "cancellation", "filtered", "failure")) {
            engine.publish("t", payload);
        }
        Soon.until(() -> figures(engine, "s").parked() == 1);
        time.advance(Duration.ofMillis(200));
        Soon.until(() -> figures(engine, "s").deadLettered() == 4);
        engine.publish("t", "hang");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        awaitQuiet(engine);
    }

    private double counter(String name, String... tags) {
        return registry.get(name)
                .tags(tags)
                .functionCounters()
                .iterator()
                .next()
                .count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void attemptsAreTimedByTheirResult() {
        PubSub engine = engine(false);
        subscribe(engine, "s", BreakerPolicy.disabled());
        oneOfEach(engine);

        assertThat(attempts("success")).isEqualTo(2);
        assertThat(attempts("failure")).isEqualTo(2);
        assertThat(attempts("timeout")).isEqualTo(1);
        assertThat(attempts("panic")).isEqualTo(1);
        assertThat(attempts("cancelled")).isEqualTo(1);
        assertThat(attempts("rejected")).isEqualTo(1);
        assertThat(registry.get("pubsub.subscription.process")
                        .tag("result", "timeout")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(1);
    }

    private long attempts(String result) {
        return registry.get("pubsub.subscription.process")
                .tags("subscription", "s", "result", result)
                .timer()
                .count();
    }

    @Test
    void errorsAreCountedByCategoryInMetersAndSnapshotAlike() {
        PubSub engine = engine(false);
        subscribe(engine, "s", BreakerPolicy.disabled());
        oneOfEach(engine);

        var figures = figures(engine, "s");
        assertThat(figures.successes()).isEqualTo(2);
        assertThat(figures.failures()).isEqualTo(2);
        assertThat(figures.timeouts()).isEqualTo(1);
        assertThat(figures.panics()).isEqualTo(1);
        assertThat(figures.cancelled()).isEqualTo(1);
        assertThat(figures.rejected()).isEqualTo(1);
        assertThat(figures.filtered()).isEqualTo(1);
        assertThat(counter("pubsub.subscription.retries", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.subscription.timeouts", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.subscription.panics", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.subscription.filtered", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.subscription.abandoned", "subscription", "s"))
                .isEqualTo(1);
        assertThat(counter("pubsub.subscription.late.completions", "subscription", "s"))
                .isZero();
        stubborn.release();
        Soon.until(() -> counter("pubsub.subscription.late.completions", "subscription", "s") == 1);
        assertThat(counter("pubsub.subscription.breaker.trips", "subscription", "s"))
                .isZero();
    }

    @Test
    void deadLettersAreCountedByReasonReplayDiscardAndEviction() {
        PubSub engine = engine(false);
        subscribe(engine, "s", BreakerPolicy.disabled());
        oneOfEach(engine);

        assertThat(added("panic")).isEqualTo(1);
        assertThat(added("failure")).isEqualTo(2); // a cancellation that nobody asked for is one
        assertThat(added("rejected")).isEqualTo(1);
        assertThat(added("timeout")).isEqualTo(1);
        assertThat(added("circuit-open")).isZero();
        assertThat(gauge("pubsub.deadletter.size")).isEqualTo(5);
        String first = engine.deadLetters().find(DeadLetterQuery.all()).get(0).id();
        engine.deadLetters().replay(first);
        awaitQuiet(engine);
        engine.deadLetters().discard(first);
        assertThat(counter("pubsub.deadletter.replayed", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.deadletter.discarded", "subscription", "s")).isEqualTo(1);
        assertThat(counter("pubsub.deadletter.evicted", "subscription", "s")).isZero();
        assertThat(counter("pubsub.deadletter.failed", "subscription", "s")).isZero();
        assertThat(gauge("pubsub.deadletter.size")).isEqualTo(4);
    }

    private double added(String reason) {
        return counter("pubsub.deadletter.added", "subscription", "s", "reason", reason);
    }

    @Test
    void gaugesShowWhatIsQueuedActiveParkedPausedAndHowOldTheOldestIs() {
        PubSub engine = engine(false);
        Subscription subscription = subscribe(engine, "s", BreakerPolicy.disabled());
        engine.publish("t", "failure");
        Soon.until(() -> gauge("pubsub.subscription.parked", "subscription", "s") == 1);
        engine.publish("t", "hang");
        stubborn.awaitInside(1);
        engine.publish("t", "good");
        time.advance(Duration.ofMillis(100));

        assertThat(gauge("pubsub.subscription.queued", "subscription", "s")).isEqualTo(1);
        assertThat(gauge("pubsub.subscription.active", "subscription", "s")).isEqualTo(1);
        assertThat(gauge("pubsub.subscription.paused", "subscription", "s")).isZero();
        assertThat(registry.get("pubsub.subscription.oldest.age").timeGauge().value(TimeUnit.MILLISECONDS))
                .isEqualTo(100);
        assertThat(gauge("pubsub.publish.in.flight")).isZero();
        subscription.pause();
        assertThat(gauge("pubsub.subscription.paused", "subscription", "s")).isEqualTo(1);
        assertThat(gauge("pubsub.subscription.quarantined", "subscription", "s"))
                .as("a pause is none")
                .isZero();
        subscription.resume();
    }

    @Test
    void aQuarantineIsShownUntilItIsLiftedThoughNothingIsPublished() {
        PubSub engine = engine(false);
        Subscription subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(TIMEOUT)
                        .maxAbandoned(1)
                        .build(),
                (m, d) -> stubborn.hang());
        assertThat(gauge("pubsub.subscription.quarantined", "subscription", "s"))
                .isZero();
        engine.publish("t", "hang");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        awaitQuiet(engine);

        assertThat(gauge("pubsub.subscription.quarantined", "subscription", "s"))
                .isEqualTo(1);
        stubborn.release();
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
        assertThat(gauge("pubsub.subscription.quarantined", "subscription", "s"))
                .as("until it is resumed")
                .isEqualTo(1);
        subscription.resume();
        assertThat(gauge("pubsub.subscription.quarantined", "subscription", "s"))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void publishingAndLatencyAreTimersWithFullDetailAndCountAndTotalWithout(boolean full) {
        PubSub engine = engine(full);
        subscribe(engine, "s", BreakerPolicy.disabled());
        engine.publish("t", "good");
        engine.publish("nobody.names.this", "good");
        awaitQuiet(engine);

        if (full) {
            Timer accepted = registry.get("pubsub.publish")
                    .tags("topic", "t", "result", "accepted")
                    .timer();
            assertThat(accepted.count()).isEqualTo(1);
            assertThat(registry.get("pubsub.publish")
                            .tags("topic", "other", "result", "unrouted")
                            .timer()
                            .count())
                    .isEqualTo(1);
            Soon.until(() -> registry.get("pubsub.subscription.latency")
                            .tag("subscription", "s")
                            .timer()
                            .count()
                    == 1);
        } else {
            FunctionTimer accepted = registry.get("pubsub.publish")
                    .tags("topic", "t", "result", "accepted")
                    .functionTimer();
            assertThat(accepted.count()).isEqualTo(1);
            assertThat(registry.get("pubsub.publish")
                            .tags("topic", "other", "result", "unrouted")
                            .functionTimer()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("pubsub.subscription.latency")
                            .tag("subscription", "s")
                            .functionTimer()
                            .count())
                    .isEqualTo(1);
        }
        for (String reason : List.of("invalid", "concurrency-limit", "queue-full", "timeout", "cancelled", "closed")) {
            assertThat(registry.get("pubsub.publish.rejected")
                            .tag("reason", reason)
                            .counter()
                            .count())
                    .isZero();
        }
        assertThat(registry.get("pubsub.publish.wait").timer().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metersGoWithTheirSubscriptionAndAllWithTheEngine(boolean full) {
        PubSub engine = engine(full);
        Set<Meter.Id> before = ids();
        Subscription subscription = subscribe(engine, "s", BreakerPolicy.defaults());
        oneOfEach(engine);
        assertThat(ids()).hasSizeGreaterThan(before.size() + 20);

        stubborn.release();
        subscription.close();

        assertThat(ids()).noneMatch(id -> "s".equals(id.getTag("subscription")) || "s".equals(id.getTag("name")));
        engine.close();
        assertThat(ids()).isEmpty();
    }

    private Set<Meter.Id> ids() {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    @Test
    // FAULTS 16
    void tenThousandTopicsMakeNoMoreMetersThanOne() {
        PubSub engine = engine(false);
        engine.subscribe(SubscriptionSpec.builder("s", "**").build(), (m, d) -> {});
        engine.publish("a.first", "x");
        awaitQuiet(engine);
        int before = registry.getMeters().size();
        for (int i = 0; i < 10_000; i++) {
            engine.publish("a.topic" + i, "id" + i, i);
            if (i % 500 == 0) {
                awaitQuiet(engine);
            }
        }
        awaitQuiet(engine);

        assertThat(registry.getMeters()).hasSize(before);
    }

    // ---- the circuit breaker's

    private static BreakerPolicy sharing(String name) {
        return BreakerPolicy.builder()
                .instanceName(name)
                .minimumNumberOfCalls(2)
                .slidingWindowSize(2)
                .build();
    }

    @Test
    void breakersAreShownUnderResilience4jsNames() {
        PubSub engine = engine(false);
        subscribe(engine, "s", sharing("gateway"));
        assertThat(gauge("resilience4j.circuitbreaker.state", "name", "gateway", "state", "closed"))
                .isEqualTo(1);
        engine.publish("t", "panic");
        engine.publish("t", "panic");
        engine.publish("t", "waits");
        Soon.until(() -> counter("pubsub.subscription.breaker.trips", "subscription", "s") == 1);
        Soon.until(() -> figures(engine, "s").active() == 0);

        assertThat(gauge("resilience4j.circuitbreaker.state", "name", "gateway", "state", "open"))
                .isEqualTo(1);
        assertThat(gauge("resilience4j.circuitbreaker.state", "name", "gateway", "state", "closed"))
                .isZero();
        assertThat(gauge("resilience4j.circuitbreaker.failure.rate", "name", "gateway"))
                .isEqualTo(100);
        assertThat(gauge("resilience4j.circuitbreaker.not.permitted.calls", "name", "gateway"))
                .isNotNegative();
        assertThat(gauge("pubsub.subscription.paused", "subscription", "s")).isEqualTo(1);
    }

    @Test
    void breakersThatSomebodyHasBoundAlreadyAreLeftToHim() {
        Gauge theirs = Gauge.builder("resilience4j.circuitbreaker.state", () -> 42)
                .tags("name", "s", "state", "closed")
                .register(registry);
        PubSub engine = engine(false);
        Subscription subscription = subscribe(engine, "s", BreakerPolicy.defaults());

        assertThat(registry.find("resilience4j.circuitbreaker.state")
                        .tag("name", "s")
                        .meters())
                .containsExactly(theirs);
        subscription.close();
        assertThat(registry.find("resilience4j.circuitbreaker.state")
                        .tag("name", "s")
                        .meters())
                .containsExactly(theirs);
    }

    @Test
    void whoeverHasBoundTheApplicationsRegistryIsToldOfABreakerBeforeItsMetersAreLookedFor() {
        var breakers = io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry.ofDefaults();
        // as resilience4j-micrometer does; a counter and a gauge of one name do not go together
        breakers.getEventPublisher().onEntryAdded(event -> {
            String name = event.getAddedEntry().getName();
            registry.gauge("resilience4j.circuitbreaker.state", io.micrometer.core.instrument.Tags.of("name", name), 1);
            registry.counter("resilience4j.circuitbreaker.not.permitted.calls", "name", name, "kind", "not_permitted");
        });
        PubSub engine = engines.started(builder -> builder.metrics(MicrometerMetrics.of(registry, false))
                .resilience(dev.pubsub.resilience.ResilienceRegistries.of(breakers, null)));
        subscribe(engine, "s", BreakerPolicy.defaults());
        engine.publish("t", "good");
        awaitQuiet(engine);

        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(registry.find("resilience4j.circuitbreaker.state").meters()).hasSize(1);
    }

    @Test
    void theMetersOfASharedBreakerStayUntilTheLastOfItsSubscriptionsIsClosed() {
        PubSub engine = engine(false);
        Subscription one = subscribe(engine, "s", sharing("gateway"));
        Subscription two = subscribe(engine, "two", sharing("gateway"));

        one.close();

        assertThat(gauge("resilience4j.circuitbreaker.state", "name", "gateway", "state", "closed"))
                .isEqualTo(1);
        two.close();
        assertThat(registry.find("resilience4j.circuitbreaker.state").meters()).isEmpty();
    }
}
