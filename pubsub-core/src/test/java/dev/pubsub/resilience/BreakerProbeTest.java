package dev.pubsub.resilience;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.MessageHandler;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 7: a half-open breaker. */
class BreakerProbeTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Services service = new Services();
    private final Stubborn stubborn = new Stubborn();
    private PubSub engine;

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    /** A breaker whose wait is over, and nothing that waits. */
    private void halfOpen(SubscriptionSpec.Builder<Object> spec) {
        engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(spec.retry(Services.patient()).build(), service);
        service.down();
        for (int i = 1; i <= 4; i++) {
            engine.publish("t", "trip" + i, "trip" + i);
        }
        Soon.until(() -> figures(engine, "s").parked() == 4);
        assertThat(figures(engine, "s").circuitBreaker()).isEqualTo("OPEN");
        service.attempts.clear();
        service.numbers.clear();
        time.advance(Services.OPEN_FOR.plusMillis(10));
    }

    private void halfOpen() {
        halfOpen(Services.spec(Services.breaker().build()));
    }

    private void publishAll(String... keys) {
        // all wait before the first probe begins
        engine.subscription("s").orElseThrow().pause();
        for (String key : keys) {
            engine.publish("t", key.substring(0, 1), key);
        }
        engine.subscription("s").orElseThrow().resume();
    }

    private void probesEndBy(MessageHandler<Object> behaviour) {
        service.behaviour = behaviour;
    }

    private String breaker() {
        return figures(engine, "s").circuitBreaker();
    }

    @Test
    void theRealNextCopiesAreTheProbesAndSuccessClosesIt() {
        halfOpen();
        service.up();

        publishAll("a", "b", "c");

        Soon.until(() -> figures(engine, "s").completed() == 3);
        assertThat(service.attempts).containsExactly("a", "b", "c");
        assertThat(breaker()).isEqualTo("CLOSED");
    }

    @Test
    void aFailedProbeGoesBackUnspentBehindTheOthers() {
        halfOpen();

        publishAll("a", "b", "c");

        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        Soon.until(() -> figures(engine, "s").active() == 0);
        assertThat(service.attempts).containsExactly("a", "b");
        assertThat(figures(engine, "s").queued()).isEqualTo(3);
        assertThat(figures(engine, "s").parked()).isEqualTo(4);
        service.up();
        time.advance(Services.OPEN_FOR.plusMillis(10));
        Soon.until(() -> figures(engine, "s").completed() == 3);
        assertThat(service.attempts).containsExactly("a", "b", "c", "a", "b");
        assertThat(service.numbers).containsOnly(1);
    }

    @Test
    void underKeyOrderTheNextProbeTakesAnotherKeyAndNoKeyIsOvertaken() {
        halfOpen(Services.spec(Services.breaker().build()).ordering(Ordering.KEY));

        publishAll("a1", "a2", "b1");

        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        assertThat(service.attempts).containsExactly("a1", "b1");
        service.up();
        time.advance(Services.OPEN_FOR.plusMillis(10));
        Soon.until(() -> figures(engine, "s").completed() == 3);
        assertThat(service.attempts).containsSubsequence("a1", "b1", "a1", "a2");
    }

    @Test
    void withOneKeyOnlyTheSameCopyIsProbedAgain() {
        halfOpen(Services.spec(Services.breaker().build()).ordering(Ordering.KEY));

        publishAll("a1", "a2");

        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        assertThat(service.attempts).containsExactly("a1", "a1");
    }

    @Test
    void aProbeThatTimesOutIsADeadLetterAsEverAndAnErrorToTheBreaker() {
        halfOpen();
        probesEndBy((m, d) -> stubborn.hang());

        publishAll("a", "b");
        stubborn.awaitInside(1);
        time.advance(Services.TIMEOUT);
        stubborn.awaitInside(2);
        time.advance(Services.TIMEOUT);

        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        assertThat(reasons()).containsExactly(Reason.TIMEOUT, Reason.TIMEOUT);
    }

    @Test
    void anAbandonedHandlerSaysNothingToTheBreakerLater() {
        halfOpen();
        probesEndBy((m, d) -> stubborn.hang());
        publishAll("a", "b");
        stubborn.awaitInside(1);
        time.advance(Services.TIMEOUT);
        stubborn.awaitInside(2);
        time.advance(Services.TIMEOUT);
        assertThat(breaker()).isEqualTo("OPEN");
        service.down();
        publishAll("c");
        time.advance(Services.OPEN_FOR.plusMillis(10));
        Soon.until(() -> figures(engine, "s").breakerTrips() == 3);
        time.advance(Services.OPEN_FOR.minusMillis(100));

        stubborn.release(); // two late successes
        Soon.until(() -> figures(engine, "s").lateCompletions() == 2);

        assertThat(breaker()).isEqualTo("OPEN");
        assertThat(figures(engine, "s").breakerTrips()).isEqualTo(3);
    }

    @Test
    // FAULTS 2
    void probesThatPanicAreDeadLettersAndTheBreakerOpensAgainAndRecovers() {
        halfOpen();
        probesEndBy((m, d) -> {
            throw new NoClassDefFoundError("gone");
        });

        publishAll("a", "b");

        Soon.until(() -> figures(engine, "s").breakerTrips() == 2);
        assertThat(reasons()).containsExactly(Reason.PANIC, Reason.PANIC);
        assertThat(breaker()).isEqualTo("OPEN");
        service.up();
        publishAll("c", "d");
        time.advance(Services.OPEN_FOR.plusMillis(10));
        Soon.until(() -> figures(engine, "s").completed() == 2);
        assertThat(breaker()).isEqualTo("CLOSED");
    }

    @Test
    void errorsCountToAClosedBreakerToo() {
        engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(Services.spec(Services.breaker().build()).build(), service);
        probesEndBy((m, d) -> {
            throw new StackOverflowError();
        });

        publishAll("a", "b", "c", "d");

        Soon.until(() -> breaker().equals("OPEN"));
        assertThat(figures(engine, "s").panics()).isEqualTo(4);
        assertThat(figures(engine, "s").breakerTrips()).isEqualTo(1);
    }

    @Test
    void aProbeThatRejectsIsADeadLetterAndGivesItsPermitBack() {
        halfOpen();
        probesEndBy((m, d) -> {
            throw new RejectMessageException("not mine");
        });
        publishAll("a", "b", "c", "d", "e");
        Soon.until(() -> figures(engine, "s").deadLettered() == 5);

        assertThat(breaker()).as("five rejections with two permits").isEqualTo("HALF_OPEN");
        assertThat(reasons()).containsOnly(Reason.REJECTED);
        recovers();
    }

    @Test
    void aProbeThatAsksForALaterRetryGivesItsPermitBackAndIsParked() {
        halfOpen();
        probesEndBy((m, d) -> {
            throw new RetryLaterException(Duration.ofMinutes(30));
        });
        publishAll("a", "b", "c");

        Soon.until(() -> figures(engine, "s").parked() == 4 + 3);
        assertThat(breaker()).isEqualTo("HALF_OPEN");
        recovers();
    }

    @Test
    void aCancelledProbeGivesItsPermitBack() {
        halfOpen();
        probesEndBy((m, d) -> {
            throw new CancellationException("no longer wanted");
        });
        publishAll("a", "b", "c");

        Soon.until(() -> figures(engine, "s").deadLettered() == 3);
        assertThat(breaker()).isEqualTo("HALF_OPEN");
        recovers();
    }

    @Test
    void anUndeliverableProbeGivesItsPermitBack() {
        halfOpen(Services.spec(Services.breaker().build()));
        probesEndBy((m, d) -> {
            throw new dev.pubsub.spi.UndeliverableException("no such type", null);
        });
        publishAll("a", "b", "c");

        Soon.until(() -> figures(engine, "s").deadLettered() == 3);
        assertThat(reasons()).containsOnly(Reason.UNDELIVERABLE);
        assertThat(breaker()).isEqualTo("HALF_OPEN");
        recovers();
    }

    private void recovers() {
        service.up();
        long before = figures(engine, "s").completed();
        publishAll("x", "y");
        Soon.until(() -> figures(engine, "s").completed() == before + 2);
        assertThat(breaker()).isEqualTo("CLOSED");
    }

    @Test
    void whatWouldNotBeRetriedIsADeadLetterThoughItIsAProbe() {
        engine = engines.started(builder -> builder.timeSource(time).scheduler(time));
        engine.subscribe(
                Services.spec(Services.breaker().build())
                        .retry(RetryPolicy.disabled())
                        .build(),
                service);
        service.down();
        publishAll("a", "b", "c", "d", "e", "f");
        Soon.until(() -> figures(engine, "s").deadLettered() == 4);

        time.advance(Services.OPEN_FOR.plusMillis(10));

        awaitQuiet(engine);
        assertThat(service.attempts).containsExactly("a", "b", "c", "d", "e", "f");
        assertThat(reasons()).containsOnly(Reason.FAILURE);
    }

    @Test
    void aCopyThatFailedAsAProbeTooOftenIsDeadLetteredAsCircuitOpen() {
        halfOpen(Services.spec(Services.breaker().maxProbes(5).build()));
        publishAll("a");
        for (int i = 0; i < 3; i++) {
            int probes = 2 * (i + 1);
            Soon.until(() -> service.attempts.size() == Math.min(probes, 5));
            Soon.until(() -> figures(engine, "s").active() == 0);
            time.advance(Services.OPEN_FOR.plusMillis(10));
        }

        Soon.until(() -> figures(engine, "s").deadLettered() == 1);
        assertThat(service.attempts).hasSize(5);
        assertThat(letters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(Reason.CIRCUIT_OPEN);
            assertThat(letter.exceptionMessage()).contains("failed 5 times as a probe");
        });
    }

    @Test
    void moreWorkersThanProbesWaitAndGoOnAsSoonAsItCloses() {
        halfOpen(Services.spec(Services.breaker().build()).concurrency(8));
        probesEndBy((m, d) -> stubborn.hang());
        publishAll("a", "b", "c", "d", "e", "f");
        stubborn.awaitInside(2);
        Soon.until(() -> figures(engine, "s").active() == 2);
        assertThat(figures(engine, "s").queued()).isEqualTo(4);

        stubborn.release(); // without the time moving: no poll is needed

        Soon.until(() -> figures(engine, "s").completed() == 6);
        assertThat(breaker()).isEqualTo("CLOSED");
    }

    private List<DeadLetter> letters() {
        return engine.deadLetters().find(DeadLetterQuery.all());
    }

    private List<Reason> reasons() {
        return letters().stream().map(DeadLetter::reason).toList();
    }
}
