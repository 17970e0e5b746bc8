package dev.pubsub.journey;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.QueueFullException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.journey.Journey.EndedAttempt;
import dev.pubsub.journey.Journey.State;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What became of the latest messages, and that no more is kept of them than was said. */
class JourneysTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @RegisterExtension
    final Engines engines = new Engines();

    private final ManualTime time = new ManualTime();
    private final Journeys journeys = new Journeys(3, Journeys.ALL, time);

    private PubSub engine() {
        return engines.started(builder -> builder.messageListener(journeys).overflow(Overflow.FAIL));
    }

    private static SubscriptionSpec.Builder<Object> spec(String id) {
        return SubscriptionSpec.builder(id, "t");
    }

    private Journey journey(Message<?> message) {
        return journeys.find(message.id()).orElseThrow();
    }

    private CopyJourney copy(Message<?> message, String subscription) {
        return journey(message).copies().stream()
                .filter(copy -> copy.subscriptionId().equals(subscription))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aJourneyTellsWhoTookTheMessageWhoDidNotAndHowItEnded() {
        PubSub engine = engine();
        engine.subscribe(spec("choosy").condition(m -> false).build(), (m, d) -> {});
        engine.subscribe(spec("good").build(), (m, d) -> {});
        engine.subscribe(
                spec("bad")
                        .retry(RetryPolicy.builder()
                                .maxAttempts(2)
                                .waitDuration(Duration.ofMillis(1))
                                .build())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("secret");
                });
        engine.subscribe(spec("paused").build(), (m, d) -> {}).pause();
        Message<String> message = Message.of("t", "k", "payload");

        engine.publish(message);

        Soon.until(() -> copy(message, "bad").state() == State.DEAD_LETTERED);
        Soon.until(() -> copy(message, "good").state() == State.COMPLETED);
        Soon.until(() -> journey(message).acceptedAt() != null);
        Journey journey = journey(message);
        assertThat(journey.topic()).isEqualTo("t");
        assertThat(journey.key()).isEqualTo("k");
        assertThat(journey.payloadType()).isEqualTo(String.class.getName());
        assertThat(journey.createdAt()).isEqualTo(message.timestamp());
        assertThat(journey.acceptedAt()).isEqualTo(START);
        assertThat(journey.refusal()).isNull();
        assertThat(journey.copies()).hasSize(4);
        assertThat(copy(message, "choosy").state()).isEqualTo(State.FILTERED);
        assertThat(copy(message, "paused").state()).isEqualTo(State.PENDING);
        assertThat(copy(message, "paused").settledAt()).isNull();
        assertThat(copy(message, "good").attempts()).singleElement().satisfies(attempt -> assertThat(attempt.result())
                .isEqualTo(AttemptResult.SUCCESS));
        CopyJourney bad = copy(message, "bad");
        assertThat(bad.reason()).isEqualTo(Reason.FAILURE);
        assertThat(bad.settledAt()).isEqualTo(START);
        assertThat(bad.attempts()).extracting(EndedAttempt::attempt).containsExactly(1, 2);
        assertThat(bad.attempts())
                .extracting(EndedAttempt::exceptionType)
                .containsOnly(IllegalStateException.class.getName());
        assertThat(journey.toString()).doesNotContain("secret", "payload", "key=k");
    }

    @Test
    void aRefusedMessageHasAJourneyToo() {
        PubSub engine = engine();
        engine.subscribe(spec("s").queueCapacity(1).build(), (m, d) -> {}).pause();
        engine.publish("t", 1);
        engine.publish("t", 2);
        Message<Integer> message = Message.of("t", 3);

        assertThatThrownBy(() -> engine.publish(message)).isInstanceOf(QueueFullException.class);

        assertThat(journey(message).acceptedAt()).isNull();
        assertThat(journey(message).copies()).isEmpty();
        assertThat(journey(message).refusal())
                .isEqualTo(new Journey.Refusal(START, QueueFullException.class.getName()));
    }

    @Test
    void aReplayGoesOnWithTheJourneyOfItsMessage() {
        PubSub engine = engine();
        AtomicBoolean broken = new AtomicBoolean(true);
        engine.subscribe(spec("s").retry(RetryPolicy.disabled()).build(), (m, d) -> {
            if (broken.get()) {
                throw new IllegalStateException("no");
            }
        });
        Message<String> message = Message.of("t", "x");
        engine.publish(message);
        awaitQuiet(engine);
        broken.set(false);

        engine.deadLetters()
                .replay(engine.deadLetters().find(DeadLetterQuery.all()).get(0).id());

        Soon.until(() -> copy(message, "s").replays() == 1 && copy(message, "s").state() == State.COMPLETED);
        assertThat(copy(message, "s").reason()).isNull();
        assertThat(copy(message, "s").attempts())
                .extracting(EndedAttempt::result)
                .containsExactly(AttemptResult.FAILURE, AttemptResult.SUCCESS);
    }

    @Test
    void whatASettledCopyIsToldOfItsAcceptanceTooLateChangesNothing() {
        Message<String> message = Message.of("t", "x");
        journeys.attempted(message, "s", 1, AttemptResult.SUCCESS, 7, null);
        assertThat(copy(message, "s").state()).isEqualTo(State.PENDING);
        assertThat(journey(message).acceptedAt()).isNull();
        journeys.settled(message, "s", Outcome.COMPLETED, null);

        journeys.accepted(message, List.of("s"), List.of());

        assertThat(copy(message, "s").state()).isEqualTo(State.COMPLETED);
        assertThat(copy(message, "s").replays()).isZero();
        assertThat(journey(message).acceptedAt()).isEqualTo(START);
    }

    @Test
    void aReplayOfWhatIsHalfForgottenIsPendingUntilItIsSettled() {
        Message<String> message = Message.of("t", "x");
        journeys.settled(message, "s", Outcome.DEAD_LETTERED, Reason.FAILURE);
        time.advance(Duration.ofSeconds(1));

        journeys.accepted(message, List.of("s"), List.of());

        assertThat(copy(message, "s").state()).isEqualTo(State.PENDING);
        assertThat(copy(message, "s").reason()).isNull();
    }

    @Test
    void anUnknownMessageHasNone() {
        assertThat(journeys.find("none")).isEmpty();
        assertThat(journeys.latest(10)).isEmpty();
    }

    @Test
    void onlyTheLatestAreKept() {
        List<Message<Integer>> messages =
                IntStream.range(0, 5).mapToObj(i -> Message.of("t", i)).toList();

        messages.forEach(message -> journeys.accepted(message, List.of(), List.of()));

        assertThat(journeys.latest(10))
                .extracting(Journey::messageId)
                .containsExactly(
                        messages.get(4).id(),
                        messages.get(3).id(),
                        messages.get(2).id());
        assertThat(journeys.latest(2)).hasSize(2);
        assertThat(journeys.find(messages.get(1).id())).isEmpty();
        assertThat(journeys.known()).isEqualTo(3);
    }

    @Test
    void ofManyAttemptsTheLatestAreKeptAndTheOthersCounted() {
        Message<String> message = Message.of("t", "x");

        for (int attempt = 1; attempt <= 100; attempt++) {
            journeys.attempted(message, "s", attempt, AttemptResult.FAILURE, 1, new IllegalStateException());
        }

        assertThat(copy(message, "s").attempts())
                .extracting(EndedAttempt::attempt)
                .containsExactly(93, 94, 95, 96, 97, 98, 99, 100);
        assertThat(copy(message, "s").earlierAttempts()).isEqualTo(92);
    }

    @Test
    void ofManySubscriptionsTheFirstAreKeptAndTheOthersCounted() {
        Message<String> message = Message.of("t", "x");
        List<String> takers = IntStream.range(0, 100).mapToObj(i -> "s" + i).toList();

        journeys.accepted(message, takers, List.of("choosy"));
        journeys.attempted(message, "s99", 1, AttemptResult.SUCCESS, 1, null);
        journeys.settled(message, "s99", Outcome.COMPLETED, null);

        assertThat(journey(message).copies()).hasSize(Trail.MAX_COPIES);
        assertThat(journey(message).moreCopies()).isEqualTo(101 - Trail.MAX_COPIES);
    }

    @Test
    void manyThreadsLeaveNoMoreThanTheCapacity() throws Exception {
        Journeys shared = new Journeys(100, Journeys.ALL, time);
        List<Caller<?>> callers = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            callers.add(Caller.of(() -> {
                for (int i = 0; i < 20_000; i++) {
                    Message<Integer> message = Message.of("t", i);
                    shared.accepted(message, List.of("s"), List.of());
                    shared.settled(message, "s", Outcome.COMPLETED, null);
                }
                return null;
            }));
        }
        for (Caller<?> caller : callers) {
            caller.result();
        }

        assertThat(shared.known()).isEqualTo(100);
        assertThat(shared.latest(1_000)).hasSize(100).allSatisfy(journey -> assertThat(shared.find(journey.messageId()))
                .isPresent());
    }

    @Test
    void ofAFloodOnlyTheFirstOfEachMillisecondAreFollowed() {
        Journeys sparing = new Journeys(100, 2, time);
        List<Message<Integer>> flood =
                IntStream.range(0, 100_000).mapToObj(i -> Message.of("t", i)).toList();

        List<Message<Integer>> followed =
                flood.stream().filter(sparing::follows).toList();

        assertThat(followed).isNotEmpty().hasSizeLessThan(10_000);
        assertThat(followed).extracting(Message::numberInMillisecond).containsOnly(0, 1);
        assertThat(flood.stream().filter(sparing::follows).toList())
                .as("asked again")
                .isEqualTo(followed);
        assertThat(flood).allMatch(journeys::follows);
    }

    @Test
    void capacityAndRateHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Journeys(0, 1, time))
                .withMessage("journey.capacity is 0; it must be from 1 to 1000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Journeys(1, Journeys.ALL + 1, time))
                .withMessageContaining("journey.per-millisecond is 1048577");
    }
}
