package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.assertBalanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.PubSub;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random steps against a whole engine, and after each quiet moment every guarantee that can be checked from outside.
 * One more seed: {@code -Dpubsub.test.seed=...}; more of them: {@code -Dpubsub.test.scale=...}.
 */
@Timeout(300)
class EngineStateMachineTest {

    private static final int STEPS = 150;
    private static final int SEEDS = 4;

    @RegisterExtension
    final Engines engines = new Engines();

    static Stream<Long> seeds() {
        Long given = Long.getLong("pubsub.test.seed");
        if (given != null) {
            return Stream.of(given);
        }
        long base = new Random().nextLong();
        int count = SEEDS * Integer.getInteger("pubsub.test.scale", 1);
        return Stream.iterate(1, i -> i + 1).limit(count).map(i -> i <= 2 ? (long) i : base + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverHappensEachAcceptedCopyIsSettledOnceAndInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        PubSub engine = engines.unstarted(builder -> builder.publishTimeout(Duration.ofMillis(5))
                .overflow(random.nextBoolean() ? Overflow.BLOCK : Overflow.FAIL)
                .shutdownTimeout(Duration.ofMillis(50)));
        ModelWorld world = new ModelWorld(engine, random);
        try {
            world.beforeTheStart();
            for (int step = 1; step <= STEPS; step++) {
                world.step();
                assertThat(world.violations()).isEmpty();
                world.assertWithinBounds();
                if (step % 50 == 0) {
                    quietMoment(engine, world);
                    world.assertEachPlaceIsFreeAndNotOneMore();
                }
            }
            quietMoment(engine, world);
            world.closeInTheMidst();
            world.assertAllDeliveriesDone();
            assertBalanced(engine);
            assertThat(world.violations()).isEmpty();
        } catch (Throwable thrown) {
            throw new AssertionError("seed " + seed + ", after " + world.history() + "\n" + engine.snapshot(), thrown);
        }
    }

    private static void quietMoment(PubSub engine, ModelWorld world) {
        world.letEverythingRun();
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    world.resumeAll(); // a quarantine ends only when told
                    assertThat(engine.snapshot().subscriptions()).allSatisfy(figures -> assertThat(
                                    List.of(figures.queued(), figures.active(), figures.parked(), figures.abandoned()))
                            .as("copies of %s that nothing becomes of", figures.id())
                            .containsOnly(0));
                });
        assertBalanced(engine);
        assertThat(world.violations()).isEmpty();
        world.assertAllDeliveriesDone();
        world.assertCompletedCopiesWereHandled();
    }
}
