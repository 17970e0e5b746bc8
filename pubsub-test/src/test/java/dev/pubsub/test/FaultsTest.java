package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.RejectMessageException;
import dev.pubsub.SubscriptionSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers that fail by rule. */
class FaultsTest {

    private static final Duration ENOUGH = Duration.ofHours(1);

    @RegisterExtension
    final Probed probed = new Probed();

    private final PubSubProbe probe = probed.probe;
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @BeforeEach
    void subscribe() {
        probed.pubSub.subscribe(
                SubscriptionSpec.builder("s", "t").maxAbandoned(2).build(),
                (message, delivery) -> handled.add(message.payload()));
    }

    @Test
    void failsTwiceThenSucceeds() {
        FaultRule rule = probe.faults().on("s").times(2).fail();

        probed.pubSub.publish("t", "x");
        probe.advanceUntilQuiet(ENOUGH);

        assertThat(probe.onlyReceived("s"))
                .isCompleted()
                .hasAttempts(3)
                .hasException(InjectedFaultException.class)
                .hasPayload("x");
        assertThat(rule.applied()).isEqualTo(2);
        assertThat(handled).containsExactly("x");
    }

    @Test
    void failsTheFirstAttemptAtEachMessage() {
        probe.faults().on("s").timesEach(1).fail();

        probed.pubSub.publish("t", 1);
        probed.pubSub.publish("t", 2);
        probe.advanceUntilQuiet(ENOUGH);

        assertThat(probe.received("s"))
                .hasSize(2)
                .allSatisfy(copy -> assertThat(copy).isCompleted().hasAttempts(2));
    }

    @Test
    void failsAlwaysWithTheExceptionThatIsGiven() {
        probe.faults().on("s").fail(() -> new IOException("gateway down"));

        probed.pubSub.publish("t", "x");
        probe.advanceUntilQuiet(ENOUGH);

        assertThat(probe.onlyReceived("s"))
                .isDeadLettered(Reason.FAILURE)
                .hasAttempts(3)
                .hasException(IOException.class);
        assertThat(handled).isEmpty();
    }

    @Test
    void appliesToMatchingMessagesOnly() {
        probe.faults().on("s").matching(message -> message.payload().equals(2)).reject();
        probe.faults().on("s").withKey("bad").reject();

        probed.pubSub.publish("t", 1);
        probed.pubSub.publish("t", 2);
        probed.pubSub.publish(Message.of("t", "bad", 3));
        probed.pubSub.publish(Message.of("t", "good", 4));
        probe.awaitQuiet();

        assertThat(handled).containsExactlyInAnyOrder(1, 4);
        assertThat(probe.received("s"))
                .filteredOn(copy -> copy.reason() == Reason.REJECTED)
                .extracting(ReceivedCopy::payload)
                .containsExactlyInAnyOrder(2, 3);
        assertThat(probe.received("s"))
                .filteredOn(copy -> copy.reason() != null)
                .allSatisfy(copy -> assertThat(copy).hasException(RejectMessageException.class));
    }

    @Test
    void anErrorIsAPanic() {
        probe.faults().on("s").times(1).panic();
        probe.faults().on("s").times(1).panic(() -> new StackOverflowError());

        probed.pubSub.publish("t", 1);
        probe.awaitQuiet();
        probed.pubSub.publish("t", 2);
        probe.awaitQuiet();

        assertThat(probe.received("s").get(0)).isDeadLettered(Reason.PANIC).hasException(InjectedError.class);
        assertThat(probe.received("s").get(1)).isDeadLettered(Reason.PANIC).hasException(StackOverflowError.class);
    }

    @Test
    void hangsUntilTheClockReachesTheDeadline() {
        probe.faults().on("s").hang();

        probed.pubSub.publish("t", "x");
        probe.clock().advance(Duration.ofSeconds(29));
        assertThat(probe.onlyReceived("s")).isNotSettled();
        probe.clock().advance(Duration.ofSeconds(1));
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("s")).isDeadLettered(Reason.TIMEOUT).hasException(HandlerTimeoutException.class);
    }

    @Test
    void hangsUntilItIsReleasedAndIsHandledThen() {
        FaultRule rule = probe.faults().on("s").hang();
        probed.pubSub.publish("t", "x");
        probe.clock().advance(Duration.ofSeconds(10));
        assertThat(handled).isEmpty();

        rule.release();
        probe.clock().advance(Duration.ofDays(1));

        assertThat(probe.onlyReceived("s")).isCompleted().hasAttempts(1);
        assertThat(handled).containsExactly("x");
    }

    @Test
    void aStubbornHandlerIsAbandonedUntilItIsReleased() {
        FaultRule rule = probe.faults().on("s").times(1).hangStubbornly();
        probed.pubSub.publish("t", "x");
        probe.clock().advance(Duration.ofSeconds(30));
        probe.awaitQuiet();
        assertThat(probe.onlyReceived("s")).isDeadLettered(Reason.TIMEOUT);
        assertThat(probed.pubSub.snapshot().subscriptions().get(0).abandoned()).isEqualTo(1);

        rule.release();

        assertThat(Patience.until(
                        Duration.ofSeconds(10),
                        () -> probed.pubSub.snapshot().subscriptions().get(0).abandoned() == 0))
                .isTrue();
        assertThat(handled).as("what a released handler does is done late").containsExactly("x");
    }

    @Test
    void timesOutWithoutTheTestMovingTheClock() {
        probe.faults().on("s").times(2).timeOut();

        probed.pubSub.publish("t", 1);
        probed.pubSub.publish("t", 2);
        probed.pubSub.publish("t", 3);
        probe.awaitQuiet();

        assertThat(probe.received("s"))
                .extracting(ReceivedCopy::reason)
                .containsExactly(Reason.TIMEOUT, Reason.TIMEOUT, null);
        assertThat(probe.clock().instant()).isEqualTo(PubSubClock.START.plus(Duration.ofSeconds(60)));
    }

    @Test
    void retriesLater() {
        probe.faults().on("s").times(1).retryLater(Duration.ofDays(3));

        probed.pubSub.publish("t", "x");

        assertThat(probe.advanceUntilQuiet(Duration.ofDays(7))).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void theFirstRuleCountsUntilItsTimesAreUsedUpOrItIsRemoved() {
        FaultRule first = probe.faults().on("s").times(1).reject();
        FaultRule second = probe.faults().on("s").panic();
        FaultRule third = probe.faults().on("s").reject();

        for (int i = 0; i < 3; i++) {
            probed.pubSub.publish("t", i);
            probe.awaitQuiet();
            if (i == 1) {
                second.remove();
            }
        }

        assertThat(probe.received("s"))
                .extracting(ReceivedCopy::reason)
                .containsExactly(Reason.REJECTED, Reason.PANIC, Reason.REJECTED);
        assertThat(List.of(first, second, third))
                .allSatisfy(rule -> assertThat(rule.applied()).isEqualTo(1));
    }

    @Test
    void anUnknownSubscriptionAndNoTimesAreRefused() {
        assertThatThrownBy(() -> probe.faults().on("alerts"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no subscription 'alerts'; there are [s]");
        assertThatThrownBy(() -> probe.faults().on("s").times(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least once");
    }
}
