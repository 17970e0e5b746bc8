package dev.pubsub.dispatch;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.WhenOpen;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who listens is told of every pause, its end, every quarantine and every dead letter, and can harm nobody. */
class SubscriptionListenerTest {

    private static final Duration OPEN_FOR = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final Told told = new Told();
    private final Stubborn stubborn = new Stubborn();
    private final AtomicBoolean down = new AtomicBoolean();

    /** Keeps what it is told, as text, and on which thread. */
    private static final class Told implements SubscriptionListener {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<Instant> times = new CopyOnWriteArrayList<>();
        private final List<DeadLettered> letters = new CopyOnWriteArrayList<>();
        private final List<String> threads = new CopyOnWriteArrayList<>();
        private final AtomicInteger notTold = new AtomicInteger();
        private volatile CountDownLatch busy = new CountDownLatch(0);

        @Override
        public void paused(String subscriptionId, Cause cause, Instant at) {
            add("paused " + subscriptionId + " " + cause, at);
        }

        @Override
        public void resumed(String subscriptionId, Cause cause, Instant at) {
            add("resumed " + subscriptionId + " " + cause, at);
        }

        @Override
        public void quarantined(String subscriptionId, Instant at) {
            add("quarantined " + subscriptionId, at);
        }

        @Override
        public void deadLettered(DeadLettered letter) {
            letters.add(letter);
            waitWhileBusy();
        }

        @Override
        public void deadLettersNotTold(long count) {
            notTold.addAndGet((int) count);
        }

        private void add(String line, Instant at) {
            lines.add(line);
            times.add(at);
            threads.add(Thread.currentThread().getName());
            waitWhileBusy();
        }

        private void waitWhileBusy() {
            try {
                assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @AfterEach
    void letGo() {
        stubborn.release();
        told.busy.countDown();
    }

    private PubSub engine(SubscriptionListener... listeners) {
        return engines.started(builder -> {
            builder.timeSource(time).scheduler(time);
            for (SubscriptionListener listener : listeners) {
                builder.subscriptionListener(listener);
            }
            return builder;
        });
    }

    private static SubscriptionSpec.Builder<Object> spec() {
        return SubscriptionSpec.builder("s", "t")
                .timeout(TIMEOUT)
                .retry(RetryPolicy.builder()
                        .maxAttempts(10)
                        .waitDuration(Duration.ofHours(1))
                        .maxWaitDuration(Duration.ofHours(1))
                        .build());
    }

    /** Trips at the fourth of four failed attempts; two probes. */
    private static SubscriptionSpec.Builder<Object> withBreaker(WhenOpen whenOpen) {
        return spec().circuitBreaker(BreakerPolicy.builder()
                .whenOpen(whenOpen)
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .permittedNumberOfCallsInHalfOpenState(2)
                .waitDurationInOpenState(OPEN_FOR)
                .build());
    }

    private void subscribeAndTrip(PubSub engine, WhenOpen whenOpen) {
        engine.subscribe(withBreaker(whenOpen).build(), (message, delivery) -> {
            if (down.get()) {
                throw new IllegalStateException("down");
            }
        });
        down.set(true);
        for (int i = 0; i < 4; i++) {
            engine.publish("t", i);
        }
        Soon.until(() -> figures(engine, "s").circuitBreaker().equals("OPEN"));
        Soon.until(() -> figures(engine, "s").active() == 0);
    }

    private void quarantine(PubSub engine, Subscription subscription) {
        engine.publish("t", "hang");
        stubborn.awaitInside(1);
        time.advance(TIMEOUT);
        assertThat(subscription.state()).isEqualTo(Subscription.State.QUARANTINED);
    }

    private Subscription subscribeStubborn(PubSub engine) {
        return engine.subscribe(spec().maxAbandoned(1).build(), (message, delivery) -> stubborn.hang());
    }

    @Test
    void aManualPauseAndItsEndAreToldOnceEachWithTheTimeOfTheChange() {
        PubSub engine = engine(told);
        Subscription subscription = engine.subscribe(spec().build(), (message, delivery) -> {});
        Instant start = Instant.ofEpochMilli(time.currentTimeMillis());

        subscription.pause();
        subscription.pause();
        Soon.until(() -> told.lines.size() == 1);
        time.advance(Duration.ofMinutes(5));
        subscription.resume();
        subscription.resume();

        Soon.until(() -> told.lines.size() == 2);
        assertThat(told.lines).containsExactly("paused s MANUAL", "resumed s MANUAL");
        assertThat(told.times).containsExactly(start, start.plus(Duration.ofMinutes(5)));
    }

    @Test
    void aTripIsToldAndItsEndOnlyWhenTheBreakerHasClosed() {
        PubSub engine = engine(told);
        subscribeAndTrip(engine, WhenOpen.PAUSE);
        Soon.until(() -> told.lines.size() == 1);
        engine.publish("t", "probe that fails");

        time.advance(OPEN_FOR.plusMillis(2)); // half-open; the probe, and what is parked, may fail again
        Soon.until(() -> figures(engine, "s").failures() > 4);
        assertThat(told.lines).as("a half-open breaker").containsExactly("paused s CIRCUIT_BREAKER");

        down.set(false);
        engine.publish("t", "probe");
        Soon.until(() -> {
            time.advance(OPEN_FOR.plusMillis(2));
            return figures(engine, "s").circuitBreaker().equals("CLOSED");
        });

        Soon.until(() -> told.lines.size() == 2);
        assertThat(told.lines).containsExactly("paused s CIRCUIT_BREAKER", "resumed s CIRCUIT_BREAKER");
    }

    @Test
    void aBreakerThatDeadLettersPausesNothing() {
        PubSub engine = engine(told);
        subscribeAndTrip(engine, WhenOpen.DEAD_LETTER);

        engine.publish("t", "refused");

        Soon.until(() -> told.letters.size() == 1);
        assertThat(told.letters.get(0).reason()).isEqualTo(Reason.CIRCUIT_OPEN);
        assertThat(told.lines).isEmpty();
    }

    @Test
    void aQuarantineAndItsReleaseAreTold() {
        PubSub engine = engine(told);
        Subscription subscription = subscribeStubborn(engine);
        quarantine(engine, subscription);
        Soon.until(() -> told.lines.size() == 1);

        assertThatThrownBy(subscription::resume).isInstanceOf(IllegalStateException.class);
        stubborn.release();
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
        subscription.resume();

        Soon.until(() -> told.lines.size() == 2);
        assertThat(told.lines).containsExactly("quarantined s", "resumed s QUARANTINE");
    }

    @Test
    void causesAreSeparateSoThatAPauseLiftedInQuarantineIsToldAsThat() {
        PubSub engine = engine(told);
        Subscription subscription = subscribeStubborn(engine);
        quarantine(engine, subscription);
        subscription.pause();
        Soon.until(() -> told.lines.size() == 2);

        assertThatThrownBy(subscription::resume).isInstanceOf(IllegalStateException.class);

        Soon.until(() -> told.lines.size() == 3);
        assertThat(told.lines).containsExactly("quarantined s", "paused s MANUAL", "resumed s MANUAL");
        assertThat(subscription.state()).isEqualTo(Subscription.State.QUARANTINED);
    }

    @Test
    void aDeadLetterIsToldWithoutWhatItHolds() {
        PubSub engine = engine(told);
        engine.subscribe(spec().build(), (message, delivery) -> {
            throw new RejectMessageException("secret exception text");
        });

        engine.publish(Message.builder("t", "secret payload")
                .key("secret key")
                .header("h", "secret header")
                .build());

        Soon.until(() -> told.letters.size() == 1);
        DeadLetter letter =
                engine.deadLetters().find(DeadLetterQuery.builder().build()).get(0);
        assertThat(told.letters)
                .containsExactly(new SubscriptionListener.DeadLettered(
                        letter.id(),
                        "s",
                        letter.message().id(),
                        "t",
                        Reason.REJECTED,
                        1,
                        RejectMessageException.class.getName(),
                        letter.fingerprint(),
                        0,
                        letter.failedAt()));
        assertThat(told.letters.get(0).toString()).doesNotContain("secret");
    }

    @Test
    void aReplayThatFailsAgainIsToldUnderTheSameId() {
        PubSub engine = engine(told);
        engine.subscribe(spec().build(), (message, delivery) -> {
            throw new RejectMessageException("no");
        });
        engine.publish("t", 1);
        Soon.until(() -> told.letters.size() == 1);

        engine.deadLetters().replay(told.letters.get(0).deadLetterId());

        Soon.until(() -> told.letters.size() == 2);
        assertThat(told.letters.get(1).deadLetterId())
                .isEqualTo(told.letters.get(0).deadLetterId());
        assertThat(told.letters.get(1).replays()).isEqualTo(1);
    }

    @Test
    void aCopyThatFoundNoRoomIsToldToo() {
        PubSub engine = engine(told);
        Subscription subscription = engine.subscribe(
                spec().queueCapacity(1).whenFull(WhenFull.DEAD_LETTER).build(), (message, delivery) -> {});
        subscription.pause();

        for (int i = 0; i < 3; i++) {
            engine.publish("t", i);
        }

        Soon.until(() -> told.letters.size() == 1);
        assertThat(told.letters.get(0).reason()).isEqualTo(Reason.OVERFLOW);
        assertThat(told.letters.get(0).exceptionType()).isNull();
        subscription.resume();
    }

    @Test
    void whatIsOnlyDiscardedIsNoDeadLetter() {
        PubSub engine = engine(told);
        engine.subscribe(spec().deadLetter(false).build(), (message, delivery) -> {
            throw new RejectMessageException("no");
        });
        Subscription other =
                engine.subscribe(SubscriptionSpec.builder("other", "t").build(), (message, delivery) -> {});

        engine.publish("t", 1);
        awaitQuiet(engine);
        other.pause();

        Soon.until(() -> told.lines.size() == 1);
        assertThat(told.letters).isEmpty();
    }

    @Test
    void listenersAreCalledOnThePoolNeverByAWorkerOrTheCaller() {
        PubSub engine = engine(told);
        List<String> workers = new CopyOnWriteArrayList<>();
        Subscription[] subscription = new Subscription[1];
        subscription[0] = engine.subscribe(spec().build(), (message, delivery) -> {
            workers.add(Thread.currentThread().getName());
            subscription[0].pause();
            Soon.until(() -> told.lines.size() == 1); // told while this worker is still here
        });

        engine.publish("t", 1);

        awaitQuiet(engine);
        assertThat(told.threads).singleElement().satisfies(thread -> assertThat(thread)
                .startsWith("pubsub-worker-")
                .isNotIn(workers)
                .isNotEqualTo(Thread.currentThread().getName()));
    }

    @Test
    void oneThatThrowsIsLoggedAndKeepsNeitherTheNextNorTheEngine() {
        SubscriptionListener failing = new SubscriptionListener() {
            @Override
            public void paused(String subscriptionId, Cause cause, Instant at) {
                throw new NoClassDefFoundError("line one\nline two");
            }
        };
        PubSub engine = engine(failing, told);
        Subscription subscription = engine.subscribe(spec().build(), (message, delivery) -> {});

        subscription.pause();
        engine.publish("t", 1);
        subscription.resume();
        awaitQuiet(engine);

        Soon.until(() -> told.lines.size() == 2);
        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(log.lines(Level.ERROR))
                .singleElement()
                .asString()
                .startsWith("Listener " + failing.getClass().getName())
                .contains("line one\\u000Aline two");
    }

    @Test
    void aStormOfChangesIsToldByItsLastStateAndHarmsNobody() {
        PubSub engine = engine(told);
        told.busy = new CountDownLatch(1);
        Subscription subscription = engine.subscribe(spec().build(), (message, delivery) -> {});
        subscription.pause();
        Soon.until(() -> told.lines.size() == 1); // the listener is busy with that

        for (int i = 0; i < 10_000; i++) {
            subscription.resume();
            subscription.pause();
        }
        engine.publish("t", 1);
        subscription.resume();
        awaitQuiet(engine); // though the listener is still busy

        assertThat(told.lines).hasSize(1);
        told.busy.countDown();
        Soon.until(() -> told.lines.size() == 2);
        assertThat(told.lines).containsExactly("paused s MANUAL", "resumed s MANUAL");
    }

    @Test
    void aChangeAndItsOppositeAreBothToldWhereTheyLeadBackToWhatWasToldBefore() {
        PubSub engine = engine(told);
        told.busy = new CountDownLatch(1);
        Subscription subscription = engine.subscribe(spec().build(), (message, delivery) -> {});
        subscription.pause();
        Soon.until(() -> told.lines.size() == 1);

        subscription.resume();
        subscription.pause();
        told.busy.countDown();

        Soon.until(() -> told.lines.size() == 3);
        assertThat(told.lines).containsExactly("paused s MANUAL", "resumed s MANUAL", "paused s MANUAL");
    }

    @Test
    void ofAStormOfDeadLettersSomeAreToldOneByOneAndTheOthersAreCounted() {
        PubSub engine = engine(told);
        told.busy = new CountDownLatch(1);
        engine.subscribe(spec().queueCapacity(10_000).build(), (message, delivery) -> {
            throw new RejectMessageException("no");
        });
        int storm = 3 * Notices.MAX_DEAD_LETTERS;
        engine.publish("t", 0);
        Soon.until(() -> told.letters.size() == 1); // the listener is busy with that

        for (int i = 0; i < storm; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        told.busy.countDown();

        Soon.until(() -> told.notTold.get() > 0);
        assertThat(told.letters).hasSize(1 + Notices.MAX_DEAD_LETTERS);
        assertThat(told.notTold).hasValue(storm - Notices.MAX_DEAD_LETTERS);
        assertThat(log.messages())
                .contains(told.notTold
                        + " dead letters were not told one by one, since a listener was slower than they came");
    }

    @Test
    void afterTheEngineWasClosedNothingFails() {
        PubSub engine = engine(told);
        Subscription subscription = engine.subscribe(spec().build(), (message, delivery) -> {});
        engine.close();

        subscription.pause();

        assertThat(told.lines).isEmpty();
        assertThat(log.lines(Level.ERROR)).isEmpty();
    }
}
