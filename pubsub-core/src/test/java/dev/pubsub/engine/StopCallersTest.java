package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantees 9 and 12: who may stop, start and close an engine, when, and how long it takes. */
@Timeout(30)
class StopCallersTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();

    @Test
    void stopFromAHandlerDoesNotWaitForThatHandler() throws Exception {
        PubSub engine = engines.started();
        AtomicReference<Duration> took = new AtomicReference<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> took.set(took(() -> engine.stop(LONG))));

        engine.publish("t", "x");

        Soon.untilAsserted(() -> assertThat(took).doesNotHaveNullValue());
        assertThat(took.get()).isLessThan(Duration.ofSeconds(1));
        Soon.until(() -> figures(engine, "s").completed() == 1);
        assertThat(engine.snapshot().state()).isEqualTo(State.STOPPED);
        assertThat(figures(engine, "s").cancelled()).isZero();
    }

    @Test
    void closeFromAHandlerDoesNotWaitForThatHandler() throws Exception { // FAULTS 12
        PubSub engine = engines.started();
        AtomicReference<Duration> took = new AtomicReference<>();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> took.set(took(engine::close)));

        engine.publish("t", "x");

        Soon.untilAsserted(() -> assertThat(took).doesNotHaveNullValue());
        assertThat(took.get()).isLessThan(Duration.ofMillis(1_200));
        assertThat(engine.snapshot().state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aHandlerMayStopWhileAnotherThreadDoes() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            gate.pass();
            engine.stop(LONG);
        });
        engine.publish("t", "x");
        gate.awaitArrivals(1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == State.STOPPING);

        gate.open();

        stop.get(2, TimeUnit.SECONDS);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
    }

    @Test
    void aHandlerThatClosesWhileAnotherThreadStopsIsNotForgotten() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            gate.pass();
            engine.close();
        });
        engine.publish("t", "x");
        gate.awaitArrivals(1);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == State.STOPPING);

        gate.open();

        stop.get(2, TimeUnit.SECONDS);
        Soon.until(() -> engine.snapshot().state() == State.CLOSED);
    }

    @Test
    void manyThreadsMayStopAtOnce() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").concurrency(4).build(), (m, d) -> gate.passStubbornly());
        for (int i = 0; i < 10; i++) {
            engine.publish("t", i);
        }
        gate.awaitArrivals(4);
        List<CompletableFuture<Duration>> stops = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            CompletableFuture<Duration> stop = new CompletableFuture<>();
            stops.add(stop);
            new Thread(() -> {
                        try {
                            stop.complete(took(() -> engine.stop(Duration.ofMillis(200))));
                        } catch (Throwable thrown) {
                            stop.completeExceptionally(thrown);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Duration> stop : stops) {
            assertThat(stop.get(5, TimeUnit.SECONDS)).isLessThan(Duration.ofMillis(1_200));
        }
        assertThat(figures(engine, "s").abandoned()).isEqualTo(4);
        assertThat(figures(engine, "s").queued()).isEqualTo(10);
        gate.open();
    }

    @Test
    void aStopWithAShorterGraceEndsALongerOneThatIsUnderWay() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> gate.passStubbornly());
        engine.publish("t", "x");
        gate.awaitArrivals(1);
        CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == State.STOPPING);

        assertThat(took(() -> engine.stop(Duration.ofMillis(100)))).isLessThan(Duration.ofMillis(1_100));

        patient.get(1, TimeUnit.SECONDS);
        gate.open();
    }

    @Test
    void closeEndsInItsOwnGraceWhileALongerStopIsUnderWay() throws Exception { // FAULTS 12
        PubSub engine = engines.started(builder -> builder.shutdownTimeout(Duration.ofMillis(100)));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> gate.passStubbornly());
        engine.publish("t", "x");
        gate.awaitArrivals(1);
        CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> engine.stop(LONG));
        Soon.until(() -> engine.snapshot().state() == State.STOPPING);

        assertThat(took(engine::close)).isLessThan(Duration.ofMillis(1_100));

        patient.get(1, TimeUnit.SECONDS);
        gate.open();
    }

    @Test
    void anInterruptedCallerStopsWithoutSpinningAndKeepsItsInterrupt() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> gate.passStubbornly());
        engine.publish("t", "x");
        gate.awaitArrivals(1);
        CompletableFuture<Long> cpuNanos = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        new Thread(() -> {
                    Thread.currentThread().interrupt();
                    var threads = ManagementFactory.getThreadMXBean();
                    long before = threads.getCurrentThreadCpuTime();
                    engine.stop(Duration.ofMillis(600));
                    cpuNanos.complete(threads.getCurrentThreadCpuTime() - before);
                    interrupted.complete(Thread.interrupted());
                })
                .start();

        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(cpuNanos.get())).isLessThan(Duration.ofMillis(200));
        gate.open();
    }

    @Test
    void stopBeforeTheStartRefusesAndReportsWhatWasAccepted() {
        PubSub engine = engines.unstarted(builder -> builder);
        AtomicInteger handled = new AtomicInteger();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.incrementAndGet());
        engine.publish("t", "x");

        engine.stop(LONG);

        assertThat(engine.snapshot().state()).isEqualTo(State.STOPPED);
        assertThatThrownBy(() -> engine.publish("t", "y")).isInstanceOf(PubSubClosedException.class);
        assertThat(log.lines()).anyMatch(line -> line.contains("'s' stopped with 1 copies queued"));
        engine.start();
        awaitQuiet(engine);
        assertThat(handled).hasValue(1);
    }

    @Test
    void startAndStopHaveNoEffectTheSecondTime() {
        PubSub engine = engines.started();
        engine.start();
        engine.stop(Duration.ZERO);
        engine.stop(Duration.ZERO);
        assertThat(engine.snapshot().state()).isEqualTo(State.STOPPED);
        engine.start();
        assertThat(engine.snapshot().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aNegativeDrainIsRefused() {
        PubSub engine = engines.started();
        assertThatThrownBy(() -> engine.stop(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative");
        assertThat(engine.snapshot().state()).isEqualTo(State.RUNNING);
    }

    @Test
    void anEndlessDrainMayBeAskedFor() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            throw new RetryLaterException(Duration.ofDays(300));
        });
        assertThat(took(() -> engine.stop(Duration.ofSeconds(Long.MAX_VALUE)))).isLessThan(Duration.ofSeconds(1));
    }
}
