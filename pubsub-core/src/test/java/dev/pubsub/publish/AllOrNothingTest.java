package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubException;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 2: every matching subscription takes its copy, or none does and the caller gets an exception. */
class AllOrNothingTest {

    private static final int SCALE = Integer.getInteger("pubsub.test.scale", 1);

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void whereOneSubscriptionIsFullNoneTakesItsCopy() {
        PubSub engine = engines.started(builder -> builder.overflow(Overflow.FAIL));
        for (String id : List.of("a", "b", "c")) {
            engine.subscribe(
                            SubscriptionSpec.builder(id, "t")
                                    .queueCapacity(id.equals("b") ? 1 : 10)
                                    .build(),
                            (m, d) -> {})
                    .pause();
        }
        engine.publish("t", 1);
        engine.publish("t", 2);

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> engine.publish("t", 3)).isInstanceOf(QueueFullException.class);
        }

        for (String id : List.of("a", "b", "c")) {
            assertThat(figures(engine, id).accepted()).as(id).isEqualTo(2);
            assertThat(figures(engine, id).queued()).as(id).isEqualTo(2);
        }
    }

    @Test
    void underContentionAMessageReachesAllOfItsSubscriptionsOrNone() throws Exception {
        race(Overflow.FAIL, Duration.ofSeconds(5));
    }

    @Test
    void underContentionWithShortWaitsAMessageReachesAllOfItsSubscriptionsOrNone() throws Exception {
        race(Overflow.BLOCK, Duration.ofNanos(50_000));
    }

    @Test
    void everyPublishThatMayWaitGetsThroughInTheEnd() throws Exception {
        assertThat(race(Overflow.BLOCK, Duration.ofMinutes(10))).isZero(); // no wake-up is lost
    }

    /** Three subscriptions with few places, two topics that overlap in one of them. Answers how many were refused. */
    private int race(Overflow overflow, Duration timeout) throws Exception {
        PubSub engine = engines.started(builder -> builder.overflow(overflow).publishTimeout(timeout));
        Map<String, Set<Object>> taken = new ConcurrentHashMap<>();
        subscribe(engine, taken, "left", 1, "l");
        subscribe(engine, taken, "both", 2, "l", "r");
        subscribe(engine, taken, "right", 3, "r");
        Set<Object> accepted = ConcurrentHashMap.newKeySet();
        Set<Object> refused = ConcurrentHashMap.newKeySet();

        List<Caller<?>> callers = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            String name = (thread % 2 == 0 ? "l" : "r") + thread + "-";
            callers.add(Caller.of(() -> {
                for (int i = 0; i < 1_500 * SCALE; i++) {
                    try {
                        assertThat(engine.publish(name.substring(0, 1), name + i)
                                        .subscriptions())
                                .isEqualTo(2);
                        accepted.add(name + i);
                    } catch (PubSubException refusal) {
                        refused.add(name + i);
                    }
                }
                return null;
            }));
        }
        for (Caller<?> caller : callers) {
            caller.result();
        }
        awaitQuiet(engine);

        Set<Object> ofLeft = taken.get("left");
        Set<Object> ofRight = taken.get("right");
        assertThat(ofLeft).allMatch(payload -> payload.toString().startsWith("l"));
        assertThat(ofLeft.size() + ofRight.size()).isEqualTo(accepted.size());
        assertThat(taken.get("both")).isEqualTo(accepted);
        assertThat(ofLeft).isSubsetOf(accepted).noneMatch(refused::contains);
        assertThat(ofRight).isSubsetOf(accepted).noneMatch(refused::contains);
        assertThat(accepted.size() + refused.size()).isEqualTo(6 * 1_500 * SCALE);
        return refused.size();
    }

    private static void subscribe(
            PubSub engine, Map<String, Set<Object>> taken, String id, int capacity, String... topics) {
        Set<Object> mine = taken.computeIfAbsent(id, key -> ConcurrentHashMap.newKeySet());
        engine.subscribe(
                SubscriptionSpec.builder(id, topics).queueCapacity(capacity).build(),
                (m, d) -> assertThat(mine.add(m.payload())).as("handled once").isTrue());
    }
}
