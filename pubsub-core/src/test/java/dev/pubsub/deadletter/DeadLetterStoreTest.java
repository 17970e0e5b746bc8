package dev.pubsub.deadletter;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is kept, for how long, and what happens when it cannot be. */
class DeadLetterStoreTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static void subscribe(PubSub engine) {
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            throw new RejectMessageException("reject " + m.payload());
        });
    }

    private static List<Object> payloads(PubSub engine) {
        return engine.deadLetters().find(DeadLetterQuery.all()).stream()
                .<Object>map(letter -> letter.message().payload())
                .toList();
    }

    private double count(String meter) {
        return meters.get(meter).tag("subscription", "s").functionCounter().count();
    }

    @Test
    void whatAStoreHasToDoForOneLetterHoldsUpNeitherOthersNorReaders() {
        CountDownLatch written = new CountDownLatch(1);
        PubSub engine =
                engines.started(builder -> builder.deadLetterStore(new MemoryDeadLetterStore(10, Duration.ofDays(1)) {
                    @Override
                    public void persist(DeadLetter letter) {
                        if (letter.message().payload().equals("slow")) {
                            await(written);
                        }
                    }
                }));
        engine.subscribe(SubscriptionSpec.builder("s", "t").concurrency(2).build(), (m, d) -> {
            throw new RejectMessageException("no");
        });

        engine.publish("t", "slow");
        engine.publish("t", "quick");

        try {
            Soon.until(() -> payloads(engine).equals(List.of("quick")));
        } finally {
            written.countDown();
        }
        awaitQuiet(engine);
        assertThat(payloads(engine)).containsExactlyInAnyOrder("slow", "quick");
        Engines.assertBalanced(engine);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theOldestIsEvictedAndCountedOnceThereIsNoRoom() {
        PubSub engine =
                engines.started(builder -> builder.deadLetterCapacity(3).metrics(MicrometerMetrics.of(meters, false)));
        subscribe(engine);
        for (int i = 0; i < 10; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(payloads(engine)).containsExactly(7, 8, 9);
        assertThat(engine.deadLetters().size()).isEqualTo(3);
        assertThat(count("pubsub.deadletter.evicted")).isEqualTo(7);
        assertThat(figures(engine, "s").deadLettered()).isEqualTo(10);
    }

    @Test
    void oneIsEvictedOnceItsRetentionIsOverByTheWallClock() {
        PubSub engine = engines.started(builder -> builder.deadLetterRetention(Duration.ofDays(7))
                .timeSource(time)
                .scheduler(time)
                .metrics(MicrometerMetrics.of(meters, false)));
        subscribe(engine);
        engine.publish("t", "old");
        awaitQuiet(engine);
        time.jumpWallClock(Duration.ofDays(6));
        engine.publish("t", "young");
        awaitQuiet(engine);
        assertThat(payloads(engine)).containsExactly("old", "young");

        time.jumpWallClock(Duration.ofDays(1).plusMillis(1));

        assertThat(payloads(engine)).containsExactly("young");
        assertThat(count("pubsub.deadletter.evicted")).isEqualTo(1);
    }

    @Test
    void aLetterThatFailedAgainIsNotTheNextToBeEvicted() {
        PubSub engine = engines.started(builder -> builder.deadLetterCapacity(2));
        subscribe(engine);
        engine.publish("t", "a");
        engine.publish("t", "b");
        awaitQuiet(engine);
        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());
        awaitQuiet(engine);

        engine.publish("t", "c");
        awaitQuiet(engine);

        assertThat(payloads(engine)).containsExactly("a", "c");
    }

    @Test
    void theyAreFoundByTheirFiltersOldestFirst() {
        PubSub engine = engines.started();
        subscribe(engine);
        for (int i = 0; i < 5; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        String fingerprint =
                engine.deadLetters().find(DeadLetterQuery.all()).get(0).fingerprint();

        assertThat(engine.deadLetters()
                        .find(DeadLetterQuery.builder()
                                .fingerprint(fingerprint)
                                .subscription("s")
                                .reason(DeadLetter.Reason.REJECTED)
                                .offset(1)
                                .limit(2)
                                .build()))
                .<Object>extracting(letter -> letter.message().payload())
                .containsExactly(1, 2);
        assertThat(engine.deadLetters()
                        .count(DeadLetterQuery.builder().subscription("none").build()))
                .isZero();
        assertThat(engine.deadLetters().groups(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.count()).isEqualTo(5);
                    assertThat(group.exceptionType()).isEqualTo(RejectMessageException.class.getName());
                    assertThat(group.subscriptions()).containsExactly("s");
                    assertThat(group.reasons()).containsExactly(DeadLetter.Reason.REJECTED);
                });
    }

    @Test
    void thoseWithoutAnExceptionAreFoundToo() {
        DeadLetterQuery without = DeadLetterQuery.builder()
                .fingerprint(DeadLetterQuery.NO_FINGERPRINT)
                .build();
        DeadLetter.Builder letter = DeadLetter.builder("s", Message.of("t", 1), DeadLetter.Reason.OVERFLOW)
                .id("dl-1")
                .failedAt(Instant.EPOCH);
        assertThat(without.matches(letter.build())).isTrue();
        assertThat(without.matches(letter.exception("T", null, "at", "f1").build()))
                .isFalse();
    }

    private static DeadLetterStore failingAt(String operation) {
        MemoryDeadLetterStore memory = new MemoryDeadLetterStore(100, Duration.ofDays(1));
        return (DeadLetterStore) Proxy.newProxyInstance(
                DeadLetterStore.class.getClassLoader(),
                new Class<?>[] {DeadLetterStore.class},
                (proxy, method, args) -> {
                    if (method.getName().equals(operation)) {
                        throw new IllegalStateException("disk full");
                    }
                    try {
                        return method.invoke(memory, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    // FAULTS 22
    void aStoreThatThrowsIsAnErrorInTheLogWithBothErrorsAndAMeter() throws Exception {
        PubSub engine = engines.started(
                builder -> builder.deadLetterStore(failingAt("put")).metrics(MicrometerMetrics.of(meters, false)));
        subscribe(engine);

        var report = engine.deliver(Message.of("t", "x")).get(5, TimeUnit.SECONDS);
        engine.publish("t", "y");
        awaitQuiet(engine);

        assertThat(report.outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(log.lines(Level.ERROR)).hasSize(2).first().asString().contains("is lost", "reject x", "disk full");
        assertThat(count("pubsub.deadletter.failed")).isEqualTo(2);
        assertThat(figures(engine, "s").discarded()).isEqualTo(2);
        assertThat(figures(engine, "s").deadLettered()).isZero();
    }

    @Test
    // FAULTS 22
    void aLetterThatWasKeptIsNotCalledLostBecauseTheStoreCannotEvict() {
        PubSub engine = engines.started(builder -> builder.deadLetterStore(failingAt("evict")));
        subscribe(engine);
        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(figures(engine, "s").deadLettered())
                .as("it is kept, though the store cannot evict")
                .isEqualTo(1);
        assertThat(log.lines(Level.ERROR)).first().asString().contains("could not evict", "disk full");
    }

    @Test
    void withoutDeadLettersAFinallyFailedCopyIsDiscardedCountedAndLogged() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").deadLetter(false).build(), (m, d) -> {
            throw new RejectMessageException("no");
        });
        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(figures(engine, "s").discarded()).isEqualTo(1);
        assertThat(engine.deadLetters().size()).isZero();
        assertThat(log.lines(Level.WARN)).singleElement().asString().contains("discarded, since dead letters are off");
    }

    @Test
    void whatIsOnlyInMemoryIsNotLostInSilenceWhenTheEngineIsClosed() {
        PubSub engine = engines.started();
        subscribe(engine);
        engine.publish("t", "x");
        awaitQuiet(engine);

        engine.close();

        assertThat(log.lines(Level.WARN)).last().asString().startsWith("1 dead letters were in memory only");
    }
}
