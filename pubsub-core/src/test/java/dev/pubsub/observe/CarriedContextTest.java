package dev.pubsub.observe;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

/** What the publisher's thread holds is there for each attempt, and nothing of it for the next message. */
class CarriedContextTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.builder().waitDuration(Duration.ofMillis(1)).jitter(0).build();

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final RecordedObservations observed = new RecordedObservations();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void clear() {
        MDC.clear();
        TENANT.remove();
    }

    private PubSub engine(ContextCarrier carrier) {
        return engines.started(builder -> builder.messageTracer(MicrometerTracer.of(observed.registry, carrier)));
    }

    private PubSub engine() {
        return engine(ContextPropagation.with(List.of(accessor("test.tenant", TENANT))));
    }

    private static ThreadLocalAccessor<String> accessor(String key, ThreadLocal<String> variable) {
        return new ThreadLocalAccessor<>() {
            @Override
            public Object key() {
                return key;
            }

            @Override
            public String getValue() {
                return variable.get();
            }

            @Override
            public void setValue(String value) {
                variable.set(value);
            }

            @Override
            public void setValue() {
                variable.remove();
            }
        };
    }

    private void look() {
        seen.add(MDC.get("user") + " of " + TENANT.get());
    }

    @Test
    void loggingContextAndRegisteredThreadLocalsAreThereForEachAttempt() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").retry(AT_ONCE).build(), (m, d) -> {
            look();
            MDC.put("user", "changed");
            TENANT.set("changed");
            if (d.attempt() < 3) {
                throw new IllegalStateException("fails");
            }
        });
        MDC.put("user", "ann");
        TENANT.set("acme");

        engine.publish("t", "x");
        MDC.put("user", "bob"); // afterwards: what counts is what was there at the publish
        awaitQuiet(engine);

        assertThat(seen).containsExactly("ann of acme", "ann of acme", "ann of acme");
    }

    @Test
    void nothingOfOneMessageIsThereForTheNext() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());
        MDC.put("user", "ann");
        TENANT.set("acme");
        engine.publish("t", 1);
        MDC.clear();
        TENANT.remove();

        engine.publish("t", 2);
        MDC.put("user", "bob");
        engine.publish("t", 3);
        awaitQuiet(engine);

        assertThat(seen).containsExactly("ann of acme", "null of null", "bob of null");
    }

    @Test
    void thePublishersThreadKeepsWhatItHolds() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        MDC.put("user", "ann");
        TENANT.set("acme");

        engine.publish("t", 1);
        engine.publishAll(List.of(Message.of("t", 2)));
        awaitQuiet(engine);

        assertThat(MDC.get("user")).isEqualTo("ann");
        assertThat(TENANT.get()).isEqualTo("acme");
        assertThat(observed.registry.getCurrentObservation()).isNull();
    }

    @Test
    void aScopeThatAHandlerLeavesOpenIsClosed() {
        PubSub engine = engine();
        List<Object> current = new CopyOnWriteArrayList<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            current.add(observed.registry.getCurrentObservation().getContext());
            Observation.start("left open", observed.registry).openScope();
            Observation.start("and within", observed.registry).openScope();
        });

        engine.publish("t", 1);
        engine.publish("t", 2);
        awaitQuiet(engine);

        assertThat(current).containsExactlyElementsOf(observed.attempts());
        assertThat(observed.scopesOpen()).isZero();
    }

    @Test
    void aReplayHasTheContextOfWhoReplaysIt() {
        PubSub engine = engine();
        AtomicBoolean failing = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            look();
            if (failing.get()) {
                throw new RejectMessageException("no");
            }
        });
        MDC.put("user", "ann");
        engine.publish("t", 1);
        awaitQuiet(engine);
        engine.publish("t", 2);
        awaitQuiet(engine);
        failing.set(false);

        MDC.put("user", "operator");
        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());
        awaitQuiet(engine);
        engine.deadLetters().replayAll(DeadLetterQuery.all(), 1000);
        Soon.untilAsserted(() ->
                assertThat(seen).containsExactly("ann of null", "ann of null", "operator of null", "operator of null"));
    }

    @Test
    void aFactoryOfTheApplicationSaysWhatIsCaptured() {
        ContextRegistry registry = new ContextRegistry();
        registry.registerThreadLocalAccessor(accessor("test.tenant", TENANT));
        PubSub engine = engine(ContextPropagation.of(
                ContextSnapshotFactory.builder().contextRegistry(registry).build()));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());
        MDC.put("user", "ann");
        TENANT.set("acme");

        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(seen).containsExactly("null of acme");
    }

    @Test
    void withoutCaptureOnlyTheObservationIsCarried() {
        PubSub engine = engine(ContextCarrier.none());
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());
        MDC.put("user", "ann");
        TENANT.set("acme");

        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(seen).containsExactly("null of null");
        assertThat(observed.attempts()).hasSize(1);
    }

    @Test
    void whatHandlersOfObservationsThrowHasNoOtherEffect() {
        observed.registry.observationConfig().observationHandler(new Failing());
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());
        MDC.put("user", "ann");

        assertThat(engine.publish("t", 1).subscriptions()).isEqualTo(1);
        MDC.clear();
        engine.publish("t", 2);
        awaitQuiet(engine);

        assertThat(seen).containsExactly("ann of null", "null of null");
        assertThat(observed.registry.getCurrentObservation()).isNull();
        assertThat(log.messages())
                .contains("Tracing failed: java.lang.IllegalStateException: on start")
                .contains("Tracing failed: java.lang.IllegalStateException: on stop");
    }

    @Test
    void whatAnAccessorThrowsHasNoOtherEffect() {
        ContextCarrier broken = () -> {
            throw new IllegalStateException("capture");
        };
        PubSub engine = engine(broken);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());

        engine.publish("t", 1);
        awaitQuiet(engine);

        assertThat(seen).containsExactly("null of null");
        assertThat(log.messages()).containsExactly("Tracing failed: java.lang.IllegalStateException: capture");
    }

    private static final class Failing implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        @Override
        public void onStart(Observation.Context context) {
            throw new IllegalStateException("on start");
        }

        @Override
        public void onScopeOpened(Observation.Context context) {
            throw new IllegalStateException("on scope opened");
        }

        @Override
        public void onScopeClosed(Observation.Context context) {
            throw new IllegalStateException("on scope closed");
        }

        @Override
        public void onStop(Observation.Context context) {
            throw new IllegalStateException("on stop");
        }
    }
}
