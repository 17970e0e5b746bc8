package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.RetryLaterException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What passes when the clock is moved, in which order, and what the clock waits for. */
class PubSubClockTest {

    @RegisterExtension
    final Probed probed = new Probed(builder -> builder.deadLetterRetention(Duration.ofDays(7)));

    private final PubSubProbe probe = probed.probe;
    private final PubSubClock clock = probe.clock();

    @Test
    void aScheduleOfRetriesOverADayRunsInMillisecondsAndAtItsTimes() {
        RetryPolicy hourly = RetryPolicy.builder()
                .maxAttempts(25)
                .waitDuration(Duration.ofHours(1))
                .backoffMultiplier(1)
                .maxWaitDuration(Duration.ofHours(1))
                .jitter(0)
                .build();
        List<Instant> attempts = new CopyOnWriteArrayList<>();
        subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(hourly)
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                d -> {
                    attempts.add(clock.instant());
                    if (d.attempt() < 25) {
                        throw new IllegalStateException("not yet");
                    }
                });
        long began = System.nanoTime();

        probed.pubSub.publish("t", "x");
        Duration passed = probe.advanceUntilQuiet(Duration.ofDays(2));

        assertThat(passed).isEqualTo(Duration.ofHours(24));
        assertThat(attempts).hasSize(25).first().isEqualTo(PubSubClock.START);
        assertThat(attempts.get(24)).isEqualTo(PubSubClock.START.plus(Duration.ofHours(24)));
        assertThat(probe.onlyReceived("s")).isCompleted().hasAttempts(25);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void advanceStopsAtEachRetryOnTheWay() {
        List<Instant> attempts = new CopyOnWriteArrayList<>();
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> {
            attempts.add(clock.instant());
            if (d.attempt() < 4) {
                throw new RetryLaterException(Duration.ofMinutes(10));
            }
        });

        probed.pubSub.publish("t", "x");
        clock.advance(Duration.ofMinutes(25));

        assertThat(attempts)
                .containsExactly(
                        PubSubClock.START,
                        PubSubClock.START.plus(Duration.ofMinutes(10)),
                        PubSubClock.START.plus(Duration.ofMinutes(20)));
        assertThat(clock.instant()).isEqualTo(PubSubClock.START.plus(Duration.ofMinutes(25)));
        clock.advance(Duration.ofMinutes(5));
        assertThat(attempts).hasSize(4);
        probe.awaitQuiet();
    }

    @Test
    void aHandlerThatHangsTimesOutAtItsDeadlineAndNotBefore() {
        CountDownLatch never = new CountDownLatch(1);
        subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMinutes(5))
                        .build(),
                d -> never.await());
        probed.pubSub.publish("t", "x");
        probe.awaitHanging("s");

        clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(probe.onlyReceived("s").outcome()).isNull();
        clock.advance(Duration.ofNanos(1));

        probe.awaitQuiet();
        assertThat(probe.onlyReceived("s"))
                .isDeadLettered(Reason.TIMEOUT)
                .hasAttempts(1)
                .hasException(HandlerTimeoutException.class);
    }

    @Test
    void theClockWaitsForAHandlerThatWorksInsteadOfTimingItOut() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofSeconds(1))
                        .build(),
                d -> {
                    begun.countDown();
                    goOn.await();
                });
        probed.pubSub.publish("t", "x");
        Thread letsGo = new Thread(() -> {
            try {
                begun.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            goOn.countDown();
        });
        letsGo.start();

        clock.advance(Duration.ofHours(1));

        assertThat(probe.onlyReceived("s")).isCompleted();
    }

    @Test
    void aHandlerThatHangsUnannouncedFailsTheTestAndIsNamed() {
        CountDownLatch never = new CountDownLatch(1);
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> never.await());
        probe.timeout(Duration.ofMillis(50));
        probed.pubSub.publish("t", "x");

        assertThatThrownBy(() -> clock.advance(Duration.ofHours(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("this still goes on")
                .hasMessageContaining("subscription 's': 0 queued, 1 active, 0 parked")
                .hasMessageContaining("runs: attempt 1 at message")
                .hasMessageContaining("probe.awaitHanging");
        assertThat(clock.instant()).isEqualTo(PubSubClock.START);
        never.countDown();
        probe.awaitQuiet(Duration.ofSeconds(10));
    }

    @Test
    void waitsOfCircuitBreakersPass() {
        BreakerPolicy policy = BreakerPolicy.builder()
                .slidingWindowSize(2)
                .minimumNumberOfCalls(2)
                .permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofMinutes(30))
                .build();
        subscribe(
                SubscriptionSpec.builder("s", "t")
                        .circuitBreaker(policy)
                        .retry(RetryPolicy.disabled())
                        .build(),
                d -> {});
        probe.faults().on("s").times(2).fail();
        probed.pubSub.publish("t", 1);
        probed.pubSub.publish("t", 2);
        probe.awaitQuiet();
        probed.pubSub.publish("t", 3);
        assertThat(probed.pubSub.snapshot().subscriptions().get(0).pausedBy()).isEqualTo("circuit-breaker");

        clock.advance(Duration.ofMinutes(30));
        assertThat(probe.received("s").get(2)).isNotSettled();
        clock.advance(Duration.ofMillis(1));

        probe.awaitQuiet();
        assertThat(probe.received("s").get(2)).isCompleted();
    }

    @Test
    void deadLettersGrowOldAndTheWallClockMayJump() {
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> {});
        probe.faults().on("s").reject();
        probed.pubSub.publish("t", 1);
        probe.awaitQuiet();
        assertThat(probed.pubSub.deadLetters().size()).isEqualTo(1);

        clock.advance(Duration.ofDays(6));
        assertThat(probed.pubSub.deadLetters().size()).isEqualTo(1);
        clock.jumpWallClock(Duration.ofDays(2));

        assertThat(probed.pubSub.deadLetters().size()).isZero();
    }

    @Test
    void aReplayOfManyKeepsItsRateInTheClocksTime() {
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> {});
        probe.faults().on("s").times(3).reject();
        for (int i = 0; i < 3; i++) {
            probed.pubSub.publish("t", i);
        }
        probe.awaitQuiet();

        var replay = probed.pubSub.deadLetters().replayAll(DeadLetterQuery.all(), 1.0 / 60);
        clock.advance(Duration.ofSeconds(59));
        assertThat(replay.replayed()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(2));

        assertThat(replay.replayed()).isEqualTo(3);
        probe.awaitQuiet();
        assertThat(probe.received("s")).filteredOn(ReceivedCopy::replay).hasSize(3);
    }

    @Test
    void copiesBehindAKeyThatWaitsDoNotKeepTheClockWaiting() {
        List<Object> handled = new CopyOnWriteArrayList<>();
        subscribe(SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY).build(), d -> {
            if (d.attempt() == 1) {
                throw new RetryLaterException(Duration.ofHours(1));
            }
            handled.add(d.message().payload());
        });
        for (int i = 1; i <= 3; i++) {
            probed.pubSub.publish(Message.of("t", "key", i));
        }

        assertThat(probe.advanceUntilQuiet(Duration.ofDays(1))).isEqualTo(Duration.ofHours(3));
        assertThat(handled).isEqualTo(new ArrayList<>(List.of(1, 2, 3)));
    }

    @Test
    void doesNotStopAtChecksOfDeadlinesWhileNoHandlerRuns() {
        AtomicInteger checks = new AtomicInteger();
        check(checks);
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> {});

        clock.advance(Duration.ofHours(1));
        assertThat(checks).hasValue(0);

        probe.faults().on("s").timeOut();
        probed.pubSub.publish("t", "x");
        probe.awaitQuiet();
        assertThat(checks)
                .as("one that is late, then one a second until the deadline")
                .hasValueBetween(30, 31);
        assertThat(clock.instant())
                .isEqualTo(PubSubClock.START.plus(Duration.ofHours(1).plusSeconds(30)));
    }

    private void check(AtomicInteger checks) {
        Scheduler.DeadlineCheck check = () -> {
            checks.incrementAndGet();
            check(checks);
        };
        clock.schedule(check, Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aHandlerMayNotMoveTheClockThatWaitsForIt() {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        subscribe(SubscriptionSpec.builder("s", "t").build(), d -> {
            try {
                clock.advance(Duration.ofSeconds(1));
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });

        probed.pubSub.publish("t", 1);
        probe.awaitQuiet();

        assertThat(thrown.get()).hasMessageContaining("move it in the test, not in a handler");
    }

    @Test
    void itDoesNotGoBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it must be 0 to 365 days");
        assertThatThrownBy(() -> PubSubProbe.inRealTime().clock())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("real time");
    }

    private interface Handler {
        void handle(dev.pubsub.Delivery delivery) throws Exception;
    }

    private void subscribe(SubscriptionSpec<Object> spec, Handler handler) {
        probed.pubSub.subscribe(spec, (message, delivery) -> handler.handle(delivery));
    }
}
