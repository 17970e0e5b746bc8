package dev.pubsub.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what happens on other threads: looks every 2 ms, for at most 20 s. */
public final class Soon {

    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofMillis(2);

    private Soon() {}

    /** Until the condition holds. */
    public static void until(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO).pollInterval(INTERVAL).atMost(AT_MOST).until(condition);
    }

    /** Until the assertions hold. */
    public static void untilAsserted(ThrowingRunnable assertions) {
        await().pollDelay(Duration.ZERO).pollInterval(INTERVAL).atMost(AT_MOST).untilAsserted(assertions);
    }
}
