package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription.State;
import dev.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a test leaves, the next one begins with an engine at rest. */
class ResetTest {

    @RegisterExtension
    final Probed probed = new Probed();

    private final PubSubProbe probe = probed.probe;
    private final PubSub pubSub = probed.pubSub;
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void subscribe() {
        pubSub.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .maxAbandoned(1)
                        .retry(RetryPolicy.builder().maxAttempts(2).build())
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(2)
                                .minimumNumberOfCalls(2)
                                .build())
                        .build(),
                (message, delivery) -> handled.add(message.payload()));
    }

    @Test
    void whatWasSeenIsForgottenAndTheClockSetBack() {
        probe.showPayloads();
        pubSub.publish("t", "x");
        probe.clock().advance(Duration.ofDays(1));

        probe.reset();

        assertThat(probe.published()).isEmpty();
        assertThat(probe.received()).isEmpty();
        assertThat(probe.clock().instant()).isEqualTo(PubSubClock.START);
        nextTestBeginsAtRest();
        assertThat(probe.onlyPublished("t").toString()).doesNotContain("payload");
    }

    @Test
    void retriesThatAreDueInAYearAreNotMade() {
        probe.faults().on("s").retryLater(Duration.ofDays(365));
        pubSub.publish(Message.of("t", "key", 1));
        pubSub.publish(Message.of("t", "key", 2));
        probe.clock().advance(Duration.ZERO);

        probe.reset();

        assertThat(handled).isEmpty();
        nextTestBeginsAtRest();
    }

    @Test
    void handlersThatHangByARuleEndUncalled() {
        probe.faults().on("s").hang();
        pubSub.publish("t", 1);
        pubSub.publish("t", 2);

        probe.reset();

        assertThat(handled).isEmpty();
        nextTestBeginsAtRest();
    }

    @Test
    void handlersThatHangByThemselvesReachTheirDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        pubSub.subscribe(SubscriptionSpec.builder("hangs", "h").build(), (m, d) -> never.await());
        pubSub.publish("h", 1);
        probe.awaitHanging("hangs");

        probe.reset();

        assertThat(figures("hangs").timeouts()).isEqualTo(1);
        nextTestBeginsAtRest();
    }

    @Test
    void anOpenCircuitBreakerIsClosedWithNothingCounted() {
        probe.faults().on("s").times(2).reject();
        probe.faults().on("s").fail();
        for (int i = 0; i < 5; i++) {
            pubSub.publish("t", i);
        }
        probe.clock().advance(Duration.ofSeconds(1));
        assertThat(figures("s").pausedBy()).isEqualTo("circuit-breaker");

        probe.reset();

        assertThat(figures("s").circuitBreaker()).isEqualTo("CLOSED");
        assertThat(figures("s").pausedBy()).isNull();
        nextTestBeginsAtRest();
    }

    @Test
    void anOpenCircuitBreakerBeforeWhichNothingWaitsLetsTheNextTestGoOn() {
        probe.faults().on("s").times(2).panic();
        pubSub.publish("t", 1);
        pubSub.publish("t", 2);
        probe.awaitQuiet();
        assertThat(figures("s").circuitBreaker()).isEqualTo("OPEN");

        probe.reset();

        nextTestBeginsAtRest();
    }

    @Test
    void pausedSubscriptionsAndStoppedEnginesGoOnAndDeadLettersAreGone() {
        probe.faults().on("s").times(1).reject();
        pubSub.publish("t", 1);
        probe.awaitQuiet();
        pubSub.subscription("s").orElseThrow().pause();
        pubSub.publish("t", 2);
        pubSub.stop(Duration.ZERO);

        probe.reset();

        assertThat(pubSub.deadLetters().size()).isZero();
        assertThat(handled).isEmpty();
        nextTestBeginsAtRest();
    }

    @Test
    void aQuarantineIsLifted() {
        probe.faults().on("s").hangStubbornly();
        pubSub.publish("t", 1);
        probe.clock().advance(Duration.ofSeconds(30));
        probe.awaitQuiet();
        assertThat(pubSub.subscription("s").orElseThrow().state()).isEqualTo(State.QUARANTINED);

        probe.reset();

        assertThat(pubSub.subscription("s").orElseThrow().state()).isEqualTo(State.RUNNING);
        nextTestBeginsAtRest();
    }

    @Test
    void aHandlerThatIgnoresItsInterruptIsReported() {
        CountDownLatch end = new CountDownLatch(1);
        pubSub.subscribe(SubscriptionSpec.builder("stubborn", "x").build(), (m, d) -> {
            while (end.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        pubSub.publish("x", 1);
        probe.awaitHanging("stubborn");
        probe.timeout(Duration.ofMillis(50));

        assertThatThrownBy(probe::reset)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("left something behind")
                .hasMessageContaining("1 abandoned handlers ignore their interrupt");

        end.countDown();
        probe.timeout(PubSubProbe.DEFAULT_TIMEOUT).reset();
        nextTestBeginsAtRest();
    }

    @Test
    void anEngineThatTheTestHasClosedIsOfNoUseToTheNext() {
        pubSub.close();

        assertThatThrownBy(probe::reset)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The test has closed the engine");
    }

    private void nextTestBeginsAtRest() {
        handled.clear();
        pubSub.publish("t", "next");
        probe.awaitQuiet();
        assertThat(handled).containsExactly("next");
        assertThat(probe.onlyReceived("s")).isCompleted().hasAttempts(1);
    }

    private SubscriptionFigures figures(String id) {
        return pubSub.snapshot().subscriptions().stream()
                .filter(figures -> figures.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
