package dev.pubsub.deadletter;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.util.concurrent.locks.LockSupport;

/** The child of {@link DeadLetterMemoryTest}: fails as often as the argument says, and prints what is left. */
final class MillionFailures {

    private MillionFailures() {}

    public static void main(String[] args) {
        ((ch.qos.logback.classic.Logger) org.slf4j.LoggerFactory.getLogger("dev.pubsub"))
                .setLevel(ch.qos.logback.classic.Level.OFF);
        int failures = Integer.parseInt(args[0]);
        try (PubSub engine = PubSubEngine.builder().deadLetterCapacity(10_000).build()) {
            engine.subscribe(
                    SubscriptionSpec.builder("s", "**")
                            .retry(RetryPolicy.disabled())
                            .circuitBreaker(BreakerPolicy.disabled())
                            .build(),
                    (m, d) -> {
                        throw new IllegalStateException("failure of " + m.id() + " " + "x".repeat(100));
                    });
            engine.start();
            for (int i = 0; i < failures; i++) {
                engine.publish("t", "payload " + i);
            }
            while (engine.snapshot().subscriptions().get(0).deadLettered() < failures) {
                LockSupport.parkNanos(1_000_000);
            }
            var figures = engine.snapshot().subscriptions().get(0);
            System.out.println("accepted=" + figures.accepted() + " deadLettered=" + figures.deadLettered() + " kept="
                    + engine.deadLetters().size() + " ledger="
                    + engine.snapshot().ledger());
        }
    }
}
