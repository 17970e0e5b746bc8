package dev.pubsub.deadletter;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters.Replay;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Soon;
import dev.pubsub.testing.Stubborn;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 10: sequenced keys. */
class SequencedTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final Set<Object> bad = ConcurrentHashMap.newKeySet();
    private final List<Object> completed = new CopyOnWriteArrayList<>();
    private final Stubborn stubborn = new Stubborn();
    private volatile Object hanging = "none";

    @AfterEach
    void letGo() {
        stubborn.release();
    }

    private PubSub engine(int capacity) {
        PubSub engine = engines.started(builder -> builder.deadLetterCapacity(capacity));
        subscribe(engine);
        return engine;
    }

    private void subscribe(PubSub engine) {
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .ordering(Ordering.KEY)
                        .sequenced(true)
                        .concurrency(2)
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(dev.pubsub.BreakerPolicy.disabled())
                        .build(),
                (m, d) -> {
                    if (m.payload().equals(hanging)) {
                        stubborn.hang();
                    }
                    if (bad.contains(m.payload())) {
                        throw new IllegalStateException("bad");
                    }
                    completed.add(m.payload());
                });
    }

    private PubSub withChain(String... payloads) {
        PubSub engine = engine(1_000);
        publish(engine, payloads);
        return engine;
    }

    private void publish(PubSub engine, String... payloads) {
        for (String payload : payloads) {
            engine.publish("t", payload.substring(0, 1), payload);
            awaitQuiet(engine); // two keys are handled at the same time
        }
    }

    private static List<DeadLetter> letters(PubSub engine) {
        return engine.deadLetters().find(DeadLetterQuery.all());
    }

    private static List<Object> payloads(PubSub engine) {
        return letters(engine).stream()
                .<Object>map(letter -> letter.message().payload())
                .toList();
    }

    @Test
    void newCopiesOfAKeyWithDeadLettersAreAppendedBehindThemWithoutAnAttempt() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2", "o1", "k3");

        assertThat(completed).containsExactly("o1");
        assertThat(payloads(engine)).containsExactly("k1", "k2", "k3");
        assertThat(letters(engine))
                .extracting(DeadLetter::reason)
                .containsExactly(Reason.FAILURE, Reason.SEQUENCED, Reason.SEQUENCED);
        assertThat(letters(engine)).extracting(DeadLetter::attempts).containsExactly(1, 0, 0);
    }

    @Test
    void copiesWithoutAKeyAreInNoSequence() {
        PubSub engine = engine(1_000);
        bad.add("k1");
        engine.publish("t", "k1");
        engine.publish("t", "k2");
        awaitQuiet(engine);

        assertThat(completed).containsExactly("k2");
    }

    @Test
    void newCopiesAreAppendedDuringAReplayToo() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2");
        bad.clear();
        replayAndPublishMeanwhile(engine, "k3");

        assertThat(completed).containsExactly("k1");
        assertThat(payloads(engine)).containsExactly("k2", "k3");
        assertThat(letters(engine)).extracting(DeadLetter::reason).containsOnly(Reason.SEQUENCED);
    }

    @Test
    void aCopyThatCameDuringTheReplayOfTheLastLetterFollowsItIfThatCompletes() {
        bad.add("k1");
        PubSub engine = withChain("k1");
        bad.clear();
        replayAndPublishMeanwhile(engine, "k2");

        assertThat(completed).containsExactly("k1", "k2");
        assertThat(engine.deadLetters().size()).isZero();
    }

    @Test
    void aCopyThatCameDuringTheReplayOfTheLastLetterIsAppendedIfThatFails() {
        bad.add("k1");
        PubSub engine = withChain("k1");
        replayAndPublishMeanwhile(engine, "k2");

        assertThat(completed).isEmpty();
        assertThat(payloads(engine)).containsExactly("k1", "k2");
    }

    private void replayAndPublishMeanwhile(PubSub engine, String payload) {
        hanging = "k1";
        engine.deadLetters().replay(letters(engine).get(0).id());
        stubborn.awaitInside(1);
        engine.publish("t", "k", payload);
        stubborn.release();
        awaitQuiet(engine);
    }

    @Test
    void onlyTheHeadCanBeReplayedThenTheNextOnceThatHasCompleted() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2");
        bad.clear();
        List<DeadLetter> chain = letters(engine);
        assertThatThrownBy(() -> engine.deadLetters().replay(chain.get(1).id()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before the older one");

        hanging = "k1";
        engine.deadLetters().replay(chain.get(0).id());
        stubborn.awaitInside(1);
        assertThatThrownBy(() -> engine.deadLetters().replay(chain.get(1).id()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("while an older one");

        stubborn.release();
        awaitQuiet(engine);
        assertThat(engine.deadLetters().replay(chain.get(1).id())).isTrue();
        awaitQuiet(engine);
        publish(engine, "k3");
        assertThat(completed).containsExactly("k1", "k2", "k3");
    }

    @Test
    void aHeadThatFailsAgainStaysTheHead() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2");
        String head = letters(engine).get(0).id();

        engine.deadLetters().replay(head);
        awaitQuiet(engine);

        assertThat(payloads(engine)).containsExactly("k1", "k2");
        assertThat(letters(engine).get(0).id()).isEqualTo(head);
        assertThat(letters(engine).get(0).replays()).isEqualTo(1);
        publish(engine, "k3");
        assertThat(payloads(engine)).containsExactly("k1", "k2", "k3");
    }

    @Test
    void discardingTheHeadUnblocksOnlyItself() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2");

        engine.deadLetters().discard(letters(engine).get(0).id());
        publish(engine, "k3");
        assertThat(payloads(engine)).containsExactly("k2", "k3");

        assertThat(engine.deadLetters().replay(letters(engine).get(0).id())).isTrue();
        awaitQuiet(engine);
        engine.deadLetters().discard(letters(engine).get(0).id());
        publish(engine, "k4");
        assertThat(completed).containsExactly("k2", "k4");
    }

    @Test
    void evictingOneRemovesItsChain() {
        bad.add("k1");
        bad.add("o1");
        bad.add("p1");
        PubSub engine = engine(4);
        publish(engine, "k1", "k2", "o1", "k3");
        assertThat(engine.deadLetters().size()).isEqualTo(4);

        publish(engine, "p1");

        assertThat(payloads(engine)).containsExactly("o1", "p1");
        publish(engine, "k4");
        assertThat(completed).as("nothing is left to stand behind").containsExactly("k4");
    }

    @Test
    void aReplayOfManyKeepsTheOrderOfEachChain() {
        bad.addAll(List.of("a1", "b1", "c1"));
        PubSub engine = withChain("a1", "b1", "c1", "a2", "b2", "a3", "c2", "a4", "b3", "a5");
        bad.clear();

        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);

        Soon.until(() -> replay.state() == Replay.State.DONE);
        awaitQuiet(engine);
        assertThat(replay.replayed()).isEqualTo(10);
        assertThat(completed)
                .hasSize(10)
                .containsSubsequence("a1", "a2", "a3", "a4", "a5")
                .containsSubsequence("b1", "b2", "b3")
                .containsSubsequence("c1", "c2");
    }

    @Test
    void aLongChainDoesNotKeepOtherKeysWaiting() {
        PubSub engine = engine(1_000);
        bad.add("k0");
        bad.add("o1");
        for (int i = 0; i < 200; i++) {
            engine.publish("t", "k", "k" + i);
        }
        awaitQuiet(engine);
        publish(engine, "o1"); // behind all of them
        assertThat(engine.deadLetters().size()).isEqualTo(201);
        bad.remove("o1");
        hanging = "k0";

        Replay replay = engine.deadLetters().replayAll(DeadLetterQuery.all(), Double.POSITIVE_INFINITY);
        stubborn.awaitInside(1);

        Soon.until(() -> completed.contains("o1"));
        replay.stop();
    }

    @Test
    void theChainOutlivesItsSubscriptionWhichMayComeAgain() {
        bad.add("k1");
        PubSub engine = withChain("k1", "k2");
        engine.subscription("s").orElseThrow().close();
        subscribe(engine);

        publish(engine, "k3");

        assertThat(completed).isEmpty();
        assertThat(payloads(engine)).containsExactly("k1", "k2", "k3");
        assertThatThrownBy(
                        () -> engine.deadLetters().replay(letters(engine).get(1).id()))
                .isInstanceOf(IllegalStateException.class);
    }
}
