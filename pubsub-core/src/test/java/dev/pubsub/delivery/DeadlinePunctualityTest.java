package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guarantee 4 by the machine's own clock. */
class DeadlinePunctualityTest {

    private static final long TIMEOUT_MILLIS = 40;
    private static final int ROUNDS = 30;

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void deadlinesAreNeverEarlyAndHardlyLate() {
        PubSub engine = engines.started();
        List<Long> lateMicros = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .timeout(Duration.ofMillis(TIMEOUT_MILLIS))
                        .circuitBreaker(dev.pubsub.BreakerPolicy.disabled())
                        .build(),
                (m, d) -> {
                    // the attempt began after its message was published
                    long published = (Long) m.payload();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException atTheDeadline) {
                        lateMicros.add((System.nanoTime() - published) / 1_000 - TIMEOUT_MILLIS * 1_000);
                    }
                });
        for (int i = 1; i <= ROUNDS; i++) {
            engine.publish("t", System.nanoTime());
            int round = i;
            dev.pubsub.testing.Soon.until(() -> lateMicros.size() == round);
        }
        awaitQuiet(engine);

        long[] sorted = lateMicros.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println("late by (us, publishing included): median " + sorted[ROUNDS / 2] + ", max "
                + sorted[ROUNDS - 1] + " of " + Arrays.toString(sorted));
        assertThat(sorted[0]).as("earliest").isNotNegative();
        assertThat(sorted[ROUNDS / 2]).as("median").isLessThan(20_000);
        assertThat(sorted[ROUNDS - 1])
                .as("latest, on a machine that others use")
                .isLessThan(500_000);
        assertThat(figures(engine, "s").timeouts()).isEqualTo(ROUNDS);
    }
}
