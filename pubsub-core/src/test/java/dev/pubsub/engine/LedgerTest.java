package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.Soon;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 8, and the figures that show it. */
@Timeout(60)
class LedgerTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void aCopyThatIsNotAccountedForIsFound() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        engine.publish("t", "x");
        awaitQuiet(engine);
        Object terms = field(field(field(subscription, "runtime"), "ledger"), "terms");
        Field completed = declaring(terms, type -> type.getDeclaredField("completed"));
        completed.setAccessible(true);

        for (long lie : new long[] {0, 2}) { // one lost, one too many
            completed.setLong(terms, lie);
            assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.DRIFT);
            assertThat(figures(engine, "s").drift()).isEqualTo(1 - lie);
        }

        completed.setLong(terms, 1);
        assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
    }

    @Test
    void heavyPublishingIsNoDrift() throws Exception {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("a", "t")
                        .concurrency(2)
                        .queueCapacity(100)
                        .build(),
                (m, d) -> {});
        engine.subscribe(
                SubscriptionSpec.builder("b", "t")
                        .queueCapacity(5)
                        .whenFull(WhenFull.DISCARD)
                        .build(),
                (m, d) -> {
                    if (m.payload().hashCode() % 3 == 0) {
                        throw new RejectMessageException("no");
                    }
                });
        AtomicBoolean go = new AtomicBoolean(true);
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int i = 0; i < 8; i++) { // more than there are processors: some stand still in the middle of a publish
            publishers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int number = 0; go.get(); number++) {
                            engine.publish("t", number);
                        }
                    },
                    threads));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
        }
        go.set(false);
        for (CompletableFuture<Void> publisher : publishers) {
            publisher.get(10, TimeUnit.SECONDS);
        }
        awaitQuiet(engine);
        assertThat(figures(engine, "a").completed())
                .isEqualTo(figures(engine, "b").accepted());
    }

    @Test
    void aPublisherThatIsHeldUpBetweenReservationAndHandOverIsNoDrift() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        Object intake = field(field(subscription, "runtime"), "intake");
        call(intake, "reserve");
        CompletableFuture<PubSubSnapshot> snapshot = CompletableFuture.supplyAsync(engine::snapshot, threads);
        long end = System.nanoTime() + Duration.ofMillis(80).toNanos();
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() > end);

        call(intake, "cancelReservation");

        assertThat(snapshot.get(5, TimeUnit.SECONDS).ledger()).isEqualTo(Ledger.BALANCED);
    }

    @Test
    void aReservationThatIsNeverUsedIsDriftAndDoesNotKeepTheEngineFromClosing() throws Exception {
        PubSub engine = engines.started();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        call(field(field(subscription, "runtime"), "intake"), "reserve");

        assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.DRIFT);

        assertThat(took(subscription::close)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void theSnapshotShowsEachCopyInOneTermOnly() {
        PubSub engine = engines.started();
        Gatekeeper gate = new Gatekeeper();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t.*", "u")
                        .concurrency(2)
                        .queueCapacity(8)
                        .condition(m -> !m.payload().equals("filtered"))
                        .retry(RetryPolicy.disabled())
                        .build(),
                (m, d) -> {
                    switch ((String) m.payload()) {
                        case "fail" -> throw new IllegalStateException("fails");
                        case "panic" -> throw new NoClassDefFoundError("panics");
                        case "reject" -> throw new RejectMessageException("rejects");
                        case "park" -> throw new RetryLaterException(Duration.ofHours(1));
                        case "hold" -> gate.pass();
                        default -> {}
                    }
                });
        for (String payload : List.of("good", "good", "filtered", "fail", "panic", "reject", "park")) {
            engine.publish("t.x", payload);
        }
        Soon.until(
                () -> figures(engine, "s").parked() == 1 && figures(engine, "s").rejected() == 2);
        for (int i = 0; i < 5; i++) {
            engine.publish("u", "hold");
        }
        gate.awaitArrivals(2);
        engine.publish("nobody.listens", "x");

        SubscriptionFigures figures = figures(engine, "s");
        assertThat(figures.topics()).containsExactly("t.*", "u");
        assertThat(figures.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(figures.pausedBy()).isNull();
        assertThat(figures.concurrency()).isEqualTo(2);
        assertThat(figures.places()).isEqualTo(10);
        assertThat(figures.accepted()).isEqualTo(11);
        assertThat(figures.completed()).isEqualTo(2);
        assertThat(figures.deadLettered()).isEqualTo(3);
        assertThat(figures.discarded()).isZero();
        assertThat(figures.queued()).isEqualTo(3);
        assertThat(figures.active()).isEqualTo(2);
        assertThat(figures.parked()).isEqualTo(1);
        assertThat(figures.filtered()).isEqualTo(1);
        assertThat(figures.failures()).isEqualTo(1);
        assertThat(figures.panics()).isEqualTo(1);
        assertThat(figures.retries()).isEqualTo(1);
        assertThat(figures.drift()).isZero();
        PubSubSnapshot snapshot = engine.snapshot();
        assertThat(snapshot.state()).isEqualTo(State.RUNNING);
        assertThat(snapshot.transport()).isEqualTo("memory");
        assertThat(snapshot.deadLetters()).isEqualTo(3);
        assertThat(snapshot.publisher().accepted()).isEqualTo(13);
        assertThat(snapshot.publisher().unrouted()).isEqualTo(1);
        assertThat(snapshot.publisher().inFlight()).isZero();
        gate.open();
        Soon.until(() -> figures(engine, "s").completed() == 7);
    }

    private static Object field(Object owner, String name) throws ReflectiveOperationException {
        Field field = declaring(owner, type -> type.getDeclaredField(name));
        field.setAccessible(true);
        return field.get(owner);
    }

    private static void call(Object owner, String name) throws ReflectiveOperationException {
        Method method = declaring(owner, type -> type.getDeclaredMethod(name));
        method.setAccessible(true);
        method.invoke(owner);
    }

    private interface Lookup<M> {
        M in(Class<?> type) throws ReflectiveOperationException;
    }

    /** From the owner's class, or the nearest of those above it that declares it. */
    private static <M> M declaring(Object owner, Lookup<M> lookup) throws ReflectiveOperationException {
        Class<?> type = owner.getClass();
        while (true) {
            try {
                return lookup.in(type);
            } catch (NoSuchFieldException | NoSuchMethodException elsewhere) {
                type = type.getSuperclass();
                if (type == null) {
                    throw elsewhere;
                }
            }
        }
    }
}
