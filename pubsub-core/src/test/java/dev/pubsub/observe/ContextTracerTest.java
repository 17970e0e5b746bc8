package dev.pubsub.observe;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

/** What the publisher's thread holds goes along where nothing is observed, too. */
class ContextTracerTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();
    private static final RetryPolicy AT_ONCE =
            RetryPolicy.builder().waitDuration(Duration.ofMillis(1)).jitter(0).build();

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final MessageTracer tracer = ContextTracer.of(ContextPropagation.with(List.of(new Tenants())));
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void clear() {
        MDC.clear();
        TENANT.remove();
    }

    private void look() {
        seen.add(MDC.get("user") + " of " + TENANT.get());
    }

    private PubSub engine(MessageTracer with) {
        return engines.started(builder -> builder.messageTracer(with));
    }

    @Test
    void eachAttemptFindsItAndTheNextMessageDoesNot() {
        PubSub engine = engine(tracer);
        engine.subscribe(SubscriptionSpec.builder("s", "t").retry(AT_ONCE).build(), (m, d) -> {
            look();
            MDC.put("user", "changed");
            TENANT.set("changed");
            if (m.payload().equals(1) && d.attempt() < 3) {
                throw new IllegalStateException("fails");
            }
        });
        MDC.put("user", "ann");
        TENANT.set("acme");
        engine.publish("t", 1);
        awaitQuiet(engine);
        MDC.clear();
        TENANT.remove();

        engine.publish("t", 2);
        awaitQuiet(engine);

        assertThat(seen).containsExactly("ann of acme", "ann of acme", "ann of acme", "null of null");
    }

    @Test
    void aMessageWhosePublisherHoldsNothingIsNotFollowedAtAll() {
        assertThat(tracer.publish(Message.of("t", 1), "t")).isNull();
        MDC.put("user", "ann");
        assertThat(tracer.publish(Message.of("t", 1), "t")).isNotNull();
        MDC.remove("user");
        MDC.clear();
        assertThat(tracer.publish(Message.of("t", 1), "t")).isNull();
    }

    @Test
    void theMessageStaysAsItIs() {
        PubSub engine = engine(tracer);
        List<Message<?>> received = new CopyOnWriteArrayList<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> received.add(m));
        MDC.put("user", "ann");
        Message<Integer> message = Message.of("t", 1);

        engine.publish(message);
        awaitQuiet(engine);

        assertThat(received).singleElement().isSameAs(message);
        assertThat(MDC.get("user")).isEqualTo("ann");
    }

    @Test
    void aReplayHasTheContextOfWhoReplaysIt() {
        PubSub engine = engine(tracer);
        AtomicBoolean failing = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            look();
            if (failing.get()) {
                throw new RejectMessageException("no");
            }
        });
        MDC.put("user", "ann");
        engine.publish("t", 1);
        engine.publish("t", 2);
        awaitQuiet(engine);
        failing.set(false);

        MDC.put("user", "operator");
        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());
        engine.deadLetters().replayAll(DeadLetterQuery.all(), 1000);

        Soon.untilAsserted(() ->
                assertThat(seen).containsExactly("ann of null", "ann of null", "operator of null", "operator of null"));
    }

    @Test
    void anAccessorThatFailsHasNoOtherEffectAndLeavesNothingSet() {
        AtomicBoolean failing = new AtomicBoolean();
        PubSub engine = engine(ContextTracer.of(new HeldValues(List.of(new Tenants(), new Tenants() {
            @Override
            public Object key() {
                return "another";
            }

            @Override
            public void setValue(String value) {
                if (failing.get()) {
                    throw new IllegalStateException("set");
                }
            }
        }))));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> look());
        TENANT.set("acme");
        failing.set(true);

        engine.publish("t", 1);
        awaitQuiet(engine);

        assertThat(seen).containsExactly("null of null");
        assertThat(log.messages()).contains("Tracing failed: java.lang.IllegalStateException: set");
    }

    @Test
    void aTracerThatObservesTakesItAlongWhileNobodyHandlesItsObservations() {
        PubSub engine = engine(
                MicrometerTracer.of(ObservationRegistry.create(), ContextPropagation.with(List.of(new Tenants()))));
        AtomicBoolean failing = new AtomicBoolean(true);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            look();
            if (failing.getAndSet(false)) {
                throw new RejectMessageException("no");
            }
        });
        TENANT.set("acme");
        engine.publish("t", 1);
        awaitQuiet(engine);
        TENANT.set("operator's");

        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());
        awaitQuiet(engine);

        assertThat(seen).containsExactly("null of acme", "null of operator's");
    }

    private static class Tenants implements ThreadLocalAccessor<String> {

        @Override
        public Object key() {
            return "test.tenant";
        }

        @Override
        public String getValue() {
            return TENANT.get();
        }

        @Override
        public void setValue(String value) {
            TENANT.set(value);
        }

        @Override
        public void setValue() {
            TENANT.remove();
        }
    }
}
