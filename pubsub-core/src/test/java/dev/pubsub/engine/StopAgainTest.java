package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stop that found nothing to stop leaves nothing behind. */
class StopAgainTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aStopBeforeTheStartTakesNothingFromTheNextDrain() throws Exception {
        PubSub engine = engines.unstarted(builder -> builder);
        engine.stop(Duration.ZERO);
        theNextDrainIsWhole(engine);
    }

    @Test
    void aSecondStopTakesNothingFromTheNextDrain() throws Exception {
        PubSub engine = engines.started();
        engine.stop(Duration.ZERO);
        engine.stop(Duration.ZERO);
        theNextDrainIsWhole(engine);
    }

    private static void theNextDrainIsWhole(PubSub engine) throws InterruptedException {
        CountDownLatch active = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            active.countDown();
            never.await(100, TimeUnit.MILLISECONDS); // work that an early cancellation would interrupt
        });
        engine.start();
        engine.publish("t", "x");
        active.await();

        engine.stop(Duration.ofSeconds(10));

        assertThat(figures(engine, "s").completed()).isEqualTo(1);
        assertThat(figures(engine, "s").cancelled()).isZero();
    }
}
