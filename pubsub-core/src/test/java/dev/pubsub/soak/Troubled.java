package dev.pubsub.soak;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * A subscription that hangs and one that fails always, on the same topics as their neighbours. Neither may hold the
 * publisher back, so each loses its copies when full, one way each.
 */
final class Troubled {

    static final String HUNG = "hung";
    static final String FAILING = "failing";

    /** Threads may be stopped for most of a minute on a shared machine. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Hang hang = new Hang();
    private final Subscription hung;
    private final Subscription failing;
    private volatile boolean healed;
    private long quarantines;

    Troubled(PubSub engine, String pattern) {
        // Without a breaker, which would pause it before so many are abandoned that it is quarantined.
        hung = engine.subscribe(
                SubscriptionSpec.builder(HUNG, pattern)
                        .timeout(Duration.ofMillis(20))
                        .maxAbandoned(4)
                        .circuitBreaker(BreakerPolicy.disabled())
                        .queueCapacity(256)
                        .whenFull(WhenFull.DISCARD)
                        .build(),
                (m, d) -> hang.hang());
        failing = engine.subscribe(
                SubscriptionSpec.builder(FAILING, pattern)
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(5))
                                .build())
                        .circuitBreaker(BreakerPolicy.builder()
                                .waitDurationInOpenState(Duration.ofMillis(50))
                                .build())
                        .queueCapacity(256)
                        .whenFull(WhenFull.DEAD_LETTER)
                        .build(),
                (m, d) -> {
                    if (!healed) {
                        throw new IllegalStateException("always");
                    }
                });
    }

    /** Whoever runs into quarantine and stays there hangs no more; so it is let go, and hangs again. */
    void hangAgain() {
        if (hung.state() == Subscription.State.QUARANTINED) {
            quarantines++;
            hang.letGo();
            resumeHung();
        }
    }

    long quarantines() {
        return quarantines;
    }

    /** Both handle from now on. */
    void heal() {
        healed = true;
        hang.letGoForGood();
        resumeHung();
    }

    void close() {
        hang.letGoForGood();
        hung.close();
        failing.close();
    }

    /** Refused while the handlers that were let go are on their way out. */
    private void resumeHung() {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .ignoreException(IllegalStateException.class)
                .until(() -> {
                    hung.resume();
                    return true;
                });
    }

    static SubscriptionFigures figures(PubSub engine, String id) {
        return engine.snapshot().subscriptions().stream()
                .filter(s -> s.id().equals(id))
                .findAny()
                .orElseThrow();
    }
}
