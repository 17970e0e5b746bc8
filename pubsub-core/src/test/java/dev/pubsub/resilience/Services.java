package dev.pubsub.resilience;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler of something that can be up or down, and the settings that its tests have in common. */
final class Services implements MessageHandler<Object> {

    static final Duration OPEN_FOR = Duration.ofSeconds(10);
    static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Payloads in the order of the attempts. */
    final List<Object> attempts = new CopyOnWriteArrayList<>();

    /** Attempt numbers, likewise. */
    final List<Integer> numbers = new CopyOnWriteArrayList<>();

    volatile MessageHandler<Object> behaviour = (message, delivery) -> {};

    /** Trips at the fourth attempt if at least two failed; two probes. */
    static BreakerPolicy.Builder breaker() {
        return BreakerPolicy.builder()
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .failureRateThreshold(50)
                .permittedNumberOfCallsInHalfOpenState(2)
                .waitDurationInOpenState(OPEN_FOR);
    }

    static SubscriptionSpec.Builder<Object> spec(BreakerPolicy policy) {
        return SubscriptionSpec.builder("s", "t").timeout(TIMEOUT).circuitBreaker(policy);
    }

    static RetryPolicy patient() {
        return RetryPolicy.builder()
                .maxAttempts(10)
                .waitDuration(Duration.ofHours(1))
                .maxWaitDuration(Duration.ofHours(1))
                .build();
    }

    void up() {
        behaviour = (message, delivery) -> {};
    }

    void down() {
        behaviour = (message, delivery) -> {
            throw new IllegalStateException("down");
        };
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        attempts.add(message.payload());
        numbers.add(delivery.attempt());
        behaviour.handle(message, delivery);
    }
}
