package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.RejectMessageException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Figures, which health is made of, are there while the application's store of dead letters hangs or fails. */
class HangingStoreTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Gatekeeper gate = new Gatekeeper();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    @AfterEach
    void letGo() {
        gate.open();
    }

    private DeadLetterStore store() {
        MemoryDeadLetterStore memory = new MemoryDeadLetterStore(100, Duration.ofDays(1));
        return (DeadLetterStore) Proxy.newProxyInstance(
                DeadLetterStore.class.getClassLoader(),
                new Class<?>[] {DeadLetterStore.class},
                (proxy, method, args) -> {
                    if (hanging.contains(method.getName())) {
                        gate.passStubbornly();
                    }
                    if (failing.contains(method.getName())) {
                        throw new IllegalStateException("connection refused");
                    }
                    try {
                        return method.invoke(memory, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** With one dead letter that its figures have shown. */
    private PubSub engine() {
        PubSub engine = engines.started(
                builder -> builder.deadLetterStore(store()).metrics(MicrometerMetrics.of(meters, false)));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            throw new RejectMessageException("no");
        });
        engine.publish("t", 1);
        awaitQuiet(engine);
        assertThat(engine.snapshot().deadLetters()).isEqualTo(1);
        return engine;
    }

    /** Health has to answer within 2 s. */
    private static PubSubSnapshot atOnce(PubSub engine) throws Exception {
        return Caller.of(engine::snapshot).result(2, TimeUnit.SECONDS);
    }

    @Test // FAULTS 27
    void figuresAreThereWhileTheStoreHangsInPut() throws Exception {
        PubSub engine = engine();
        hanging.add("put");
        engine.publish("t", 2);
        gate.awaitArrivals(1);

        PubSubSnapshot snapshot = atOnce(engine);
        assertThat(snapshot.deadLetters()).as("as it was known last").isEqualTo(1);
        assertThat(snapshot.ledger()).isEqualTo(Ledger.BALANCED);
        assertThat(snapshot.subscriptions().get(0).active()).isEqualTo(1);
        assertThat(meters.get("pubsub.deadletter.size").gauge().value()).isEqualTo(1);

        gate.open();
        awaitQuiet(engine);
        Soon.until(() -> engine.snapshot().deadLetters() == 2);
    }

    @Test // FAULTS 27
    void figuresAreThereWhileTheStoreHangsWhenItIsAskedForItsSize() throws Exception {
        PubSub engine = engine();
        hanging.addAll(Set.of("put", "size", "evict"));

        assertThat(atOnce(engine).deadLetters()).isEqualTo(1);
        assertThat(atOnce(engine).deadLetters()).isEqualTo(1);

        assertThat(gate.arrived()).as("threads that the store holds").isEqualTo(1);
        assertThat(log.lines(Level.WARN))
                .filteredOn(line -> line.contains("does not say how many"))
                .singleElement()
                .asString()
                .contains("figures show 1", "no answer within 500 ms");
        hanging.clear();
        gate.open();
        engine.publish("t", 2);
        Soon.until(() -> engine.snapshot().deadLetters() == 2);
    }

    @Test
    void figuresAreThereWhileTheStoreFails() throws Exception {
        PubSub engine = engine();
        failing.add("size");

        assertThat(atOnce(engine).deadLetters()).isEqualTo(1);
        assertThat(atOnce(engine).deadLetters()).isEqualTo(1);

        assertThat(log.lines(Level.WARN))
                .filteredOn(line -> line.contains("does not say how many"))
                .singleElement()
                .asString()
                .contains("connection refused");
        failing.clear();
        engine.publish("t", 2);
        awaitQuiet(engine);
        assertThat(atOnce(engine).deadLetters()).isEqualTo(2);
    }
}
