package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the probe waits for, tells and does not tell. */
class PubSubProbeTest {

    private static final String SECRET = "s3cret";

    @RegisterExtension
    final Probed probed = new Probed();

    private final PubSubProbe probe = probed.probe;
    private final PubSub pubSub = probed.pubSub;

    @Test
    void tellsWhatWasPublishedAndWhereItWent() {
        subscribe("a", "orders.*");
        subscribe("b", "orders.created");
        pubSub.subscribe(
                SubscriptionSpec.builder("c", "orders.**")
                        .condition(message -> false)
                        .build(),
                (m, d) -> {});

        pubSub.publish("orders.created", "key", "x");
        pubSub.publish("nobody.listens", "y");
        probe.awaitQuiet();

        assertThat(probe.onlyPublished("orders.created"))
                .isAccepted()
                .reached("a", "b")
                .hasKey("key")
                .hasPayload("x");
        assertThat(probe.onlyPublished("orders.created").filtered()).containsExactly("c");
        assertThat(probe.onlyPublished("nobody.**").subscriptions()).isEmpty();
        assertThat(probe.published())
                .extracting(PublishedMessage::topic)
                .containsExactly("orders.created", "nobody.listens");
        assertThat(probe.received()).extracting(ReceivedCopy::subscription).containsExactlyInAnyOrder("a", "b");
        assertThat(probe.onlyReceived("a").payload(String.class)).isEqualTo("x");
    }

    @Test
    void tellsEachAttemptAndHowTheCopyWasSettled() {
        subscribe("s", "t");
        probe.faults().on("s").times(1).fail(() -> new IllegalStateException(SECRET));
        probe.faults().on("s").reject();

        pubSub.publish("t", "x");
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        ReceivedCopy copy = probe.onlyReceived("s");
        assertThat(copy.outcome()).isEqualTo(Outcome.DEAD_LETTERED);
        assertThat(copy.reason()).isEqualTo(Reason.REJECTED);
        assertThat(copy.attempts())
                .extracting(ReceivedAttempt::number, ReceivedAttempt::result)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, AttemptResult.FAILURE),
                        org.assertj.core.groups.Tuple.tuple(2, AttemptResult.REJECTED));
        assertThat(copy.attempts().get(0).exceptionType()).isEqualTo(IllegalStateException.class);
    }

    @Test
    void aReplayIsAnotherCopyAndNoOtherMessage() {
        subscribe("s", "t");
        probe.faults().on("s").times(1).reject();
        pubSub.publish("t", "x");
        probe.awaitQuiet();

        pubSub.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
        probe.awaitQuiet();

        assertThat(probe.published()).hasSize(1);
        assertThat(probe.received("s"))
                .extracting(ReceivedCopy::replay, ReceivedCopy::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(false, Outcome.DEAD_LETTERED),
                        org.assertj.core.groups.Tuple.tuple(true, Outcome.COMPLETED));
    }

    @Test
    void theSameMessagePublishedAgainIsAnotherCopyToo() {
        subscribe("s", "t");
        probe.faults().on("s").times(1).reject();
        Message<String> message = Message.of("t", "x");

        pubSub.publish(message);
        probe.awaitQuiet();
        pubSub.publish(message);
        probe.awaitQuiet();

        assertThat(probe.published()).hasSize(2);
        assertThat(probe.received("s")).extracting(ReceivedCopy::replay).containsExactly(false, false);
    }

    @Test
    void awaitQuietWaitsForWhatHandlersPublish() {
        CountDownLatch goOn = new CountDownLatch(1);
        subscribe("second", "t.second");
        pubSub.subscribe(SubscriptionSpec.builder("first", "t.first").build(), (m, d) -> {
            goOn.await();
            pubSub.publish("t.second", "y");
        });
        pubSub.publish("t.first", "x");
        new Thread(goOn::countDown).start();

        probe.awaitQuiet();

        assertThat(probe.onlyReceived("second")).isCompleted();
    }

    @Test
    void awaitQuietSaysAtOnceWhatOnlyTimeCouldSettle() {
        subscribe("s", "t");
        probe.faults().on("s").fail(() -> new IllegalStateException(SECRET));
        pubSub.publish("t", SECRET, SECRET);
        long began = System.nanoTime();

        assertThatThrownBy(probe::awaitQuiet)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Not quiet, and nothing goes on by itself")
                .hasMessageContaining("subscription 's': 0 queued, 0 active, 1 parked")
                .hasMessageContaining("waits: 's': message ")
                .hasMessageContaining("attempts [1 FAILURE (java.lang.IllegalStateException)], not settled")
                .hasMessageContaining("the clock stands at 2026-01-01T00:00:00Z, and the next timer is due in PT0.")
                .hasMessageNotContaining(SECRET);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        probe.advanceUntilQuiet(Duration.ofMinutes(1));
    }

    @Test
    void awaitQuietNamesAPauseAndAnEngineThatDoesNotRun() {
        Subscription subscription = subscribe("s", "t");
        subscription.pause();
        pubSub.publish("t", "x");

        assertThatThrownBy(probe::awaitQuiet)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 queued, 0 active, 0 parked; paused by: manual");

        subscription.resume();
        probe.awaitQuiet();
        pubSub.stop(Duration.ZERO);
        assertThatThrownBy(() -> pubSub.publish("t", "y")).isInstanceOf(dev.pubsub.PubSubClosedException.class);
        pubSub.start();
    }

    @Test
    void inRealTimeAwaitQuietWaitsForRetriesAndEndsAfterItsTimeout() {
        PubSubProbe real = PubSubProbe.inRealTime();
        PubSub engine = real.build(PubSubEngine.builder().shutdownTimeout(Duration.ZERO));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        engine.start();
        real.faults().on("s").times(1).retryLater(Duration.ofMillis(5));
        engine.publish("t", "x");
        real.awaitQuiet();
        assertThat(real.onlyReceived("s")).isCompleted().hasAttempts(2);

        FaultRule hang = real.faults().on("s").hang();
        engine.publish("t", "y");
        real.awaitHanging("s");
        assertThatThrownBy(() -> real.awaitQuiet(Duration.ofMillis(20)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Not quiet after PT0.02S")
                .hasMessageContaining("hangs: attempt 1 at message");

        hang.release();
        real.awaitQuiet();
        engine.close();
    }

    @Test
    void failuresAndTextsShowNoPayloadUnlessTheTestAsks() {
        subscribe("s", "t");
        probe.faults().on("s").fail(() -> new IllegalStateException(SECRET));
        pubSub.publish(
                Message.builder("t", SECRET).key(SECRET).header("h", SECRET).build());
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        assertThat(probe.onlyPublished("t").toString())
                .contains("on t: accepted by [s]")
                .doesNotContain(SECRET);
        assertThat(probe.onlyReceived("s").toString())
                .contains("DEAD_LETTERED (FAILURE)")
                .doesNotContain(SECRET);
        assertThatThrownBy(() -> assertThat(probe.onlyPublished("t")).hasPayload(SECRET + "?"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected payload a java.lang.String (not shown; probe.showPayloads()")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> assertThat(probe.onlyReceived("s")).isCompleted())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected it to be COMPLETED, but got")
                .hasMessageContaining("3 FAILURE (java.lang.IllegalStateException)")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> probe.onlyReceived("s").payload(Integer.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is a java.lang.String, not a java.lang.Integer")
                .hasMessageNotContaining(SECRET);

        probe.showPayloads();

        assertThat(probe.onlyPublished("t").toString())
                .contains("key " + SECRET, "headers {h=" + SECRET, "payload " + SECRET);
        assertThatThrownBy(() -> assertThat(probe.onlyPublished("t")).hasPayload("?"))
                .hasMessageContaining("Expected payload ?, but was " + SECRET);
        assertThatThrownBy(() -> assertThat(probe.onlyReceived("s")).isCompleted())
                .hasMessageContaining("java.lang.IllegalStateException: " + SECRET);
    }

    @Test
    void oneOfNoneOrOfManyNamesThem() {
        subscribe("s", "t");
        pubSub.publish("other", "x");
        assertThatThrownBy(() -> probe.onlyReceived("s"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected one copy received by 's', but there are 0 nothing. Published was:")
                .hasMessageContaining("on other: accepted by []");

        pubSub.publish("t", 1);
        pubSub.publish("t", 2);
        probe.awaitQuiet();
        assertThatThrownBy(() -> probe.onlyReceived("s"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("but there are 2:");
        assertThatThrownBy(() -> probe.received("nobody"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there are [s]");
    }

    @Test
    void anAttemptThatDoesNotBeginIsNotAwaitedForEver() {
        subscribe("s", "t");
        probe.timeout(Duration.ofMillis(20));

        assertThatThrownBy(() -> probe.awaitHanging("s"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected 1 attempts of 's' to run, but after PT0.02S there are 0");
        assertThatThrownBy(() -> probe.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void watchesOneEngineThatBehavesAsTheEngineItself() {
        assertThatThrownBy(() -> probe.build(PubSubEngine.builder()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a probe of its own");
        assertThatThrownBy(() -> PubSubProbe.withManualClock().awaitQuiet())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("watches no engine yet");
        assertThat(pubSub).isEqualTo(pubSub).isNotEqualTo(probe).hasSameHashCodeAs(pubSub);
        subscribe("s", "t").close();
        assertThat(pubSub.subscriptions()).isEmpty();
    }

    private Subscription subscribe(String id, String pattern) {
        return pubSub.subscribe(SubscriptionSpec.builder(id, pattern).build(), (message, delivery) -> {});
    }
}
