package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pubsub.Execution;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class VirtualThreadsTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private static SubscriptionSpec.Builder<Object> virtual() {
        return SubscriptionSpec.builder("s", "t").execution(Execution.VIRTUAL);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void whereThereAreNoneAskingForThemIsAClearError() {
        PubSub engine = engines.started();
        assertThatThrownBy(() -> engine.subscribe(virtual().build(), (m, d) -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Subscription 's'")
                .hasMessageContaining("execution: virtual")
                .hasMessageContaining("Java 21");
        assertThat(engine.subscriptions()).isEmpty();
        assertThatThrownBy(() ->
                        PubSubEngine.builder().execution(Execution.VIRTUAL).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The engine")
                .hasMessageContaining("execution: platform");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void handlersRunOnVirtualThreadsWhereAskedFor() {
        PubSub engine = engines.started(builder -> builder.execution(Execution.VIRTUAL));
        Set<String> names = ConcurrentHashMap.newKeySet();
        for (Execution execution : Execution.values()) {
            engine.subscribe(
                    SubscriptionSpec.builder(execution.name(), "t")
                            .execution(execution)
                            .build(),
                    (m, d) -> names.add(
                            execution + " " + Thread.currentThread().getName().replaceAll("\\d", "")));
        }
        engine.publish("t", "x");
        awaitQuiet(engine);
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "AUTO pubsub-virtual-", "VIRTUAL pubsub-virtual-", "PLATFORM pubsub-worker-");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void manyHandlersThatBlockDoNotKeepOthersFromProgress() { // FAULTS 10
        PubSub engine = engines.started(builder -> builder.execution(Execution.VIRTUAL));
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(virtual().concurrency(64).build(), (m, d) -> {
            synchronized (m) { // pins its carrier before Java 24
                gate.pass();
            }
        });
        engine.subscribe(
                SubscriptionSpec.builder("sleeps", "t").concurrency(64).build(),
                (m, d) -> LockSupport.parkNanos(20_000_000));
        for (int i = 0; i < 64; i++) {
            engine.publish("t", i);
        }
        if (Runtime.version().feature() >= 24) {
            Soon.until(() -> figures(engine, "s").active() == 64);
            gate.awaitArrivals(64);
        }
        await().atMost(Duration.ofSeconds(5))
                .until(() -> figures(engine, "sleeps").completed() == 64);
        gate.open();
        awaitQuiet(engine);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void aDeadlineHoldsAndTheEndOfItsThreadIsNobodysBusiness() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        var before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
        try {
            PubSub engine = engines.started();
            Gatekeeper gate = new Gatekeeper();
            engine.subscribe(virtual().timeout(Duration.ofMillis(30)).build(), (m, d) -> {
                if (m.payload().equals("hangs")) {
                    gate.pass();
                }
            });
            engine.publish("t", "hangs");
            engine.publish("t", "good");
            Soon.until(() -> figures(engine, "s").completed() == 1);
            Soon.until(() -> figures(engine, "s").lateCompletions() == 1);
            assertThat(figures(engine, "s").timeouts()).isEqualTo(1);

            engine.publish("t", "hangs");
            gate.awaitArrivals(2);
            engine.stop(Duration.ZERO);
            awaitQuietOrQueued(engine);
            assertThat(uncaught).isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    private static void awaitQuietOrQueued(PubSub engine) {
        Soon.until(() -> figures(engine, "s").active() == 0);
        Engines.assertBalanced(engine);
    }
}
