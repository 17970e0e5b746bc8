package dev.pubsub.resilience;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.Registry;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the instances of Resilience4j live. An instance, else a configuration, that the application keeps under a
 * subscription's instance name wins over the subscription's own policy. Instances made here are removed with the last
 * subscription that uses them; others stay.
 *
 * <p>Safe for use by any thread: the counts of users are guarded by this object.
 */
public final class ResilienceRegistries {

    private static final Logger log = LoggerFactory.getLogger(ResilienceRegistries.class);

    private final CircuitBreakerRegistry breakers;
    private final RetryRegistry retries;
    private final boolean foreign; // the circuit breakers' registry is the application's
    private final Map<String, Integer> breakerUsers = new HashMap<>();
    private final Map<String, Integer> retryUsers = new HashMap<>();
    private final Map<Shared, Use> inUse = new HashMap<>();

    /** Engines have their own time, subscriptions of one engine share it. */
    private record Shared(CircuitBreaker instance, EngineTime time) {}

    private static final class Use {
        private final SharedBreaker breaker;
        private int users;

        private Use(SharedBreaker breaker) {
            this.breaker = breaker;
        }
    }

    private ResilienceRegistries(CircuitBreakerRegistry breakers, RetryRegistry retries, boolean foreign) {
        this.breakers = breakers;
        this.foreign = foreign;
        this.retries = retries;
    }

    /** These registries; where one is null, one of the engine's own. */
    public static ResilienceRegistries of(
            @Nullable CircuitBreakerRegistry circuitBreakers, @Nullable RetryRegistry retries) {
        return new ResilienceRegistries(
                circuitBreakers == null ? CircuitBreakerRegistry.ofDefaults() : circuitBreakers,
                retries == null ? RetryRegistry.ofDefaults() : retries,
                circuitBreakers != null);
    }

    /** The breaker of a subscription; the instance itself is made at its first attempt. */
    public Breaker breaker(SubscriptionSpec<?> spec, EngineTime time) {
        if (spec.circuitBreaker().enabled()) {
            announce(breakers, "circuit breaker", instanceName(spec), spec.id());
        }
        return new Breaker(spec, this, time);
    }

    /** Whether the circuit breakers' registry is the application's. */
    boolean isForeign() {
        return foreign;
    }

    /** The instance of a subscription's breaker; {@link #giveBack} must follow. */
    SharedBreaker share(SubscriptionSpec<?> spec, EngineTime time) {
        String name = instanceName(spec);
        CircuitBreaker instance = acquire(
                breakers,
                breakerUsers,
                name,
                () -> breakers.circuitBreaker(
                        name,
                        breakers.getConfiguration(name)
                                .orElseGet(() -> BreakerConfigs.of(spec.circuitBreaker(), spec.timeout(), time))));
        return share(instance, time);
    }

    void giveBack(SharedBreaker shared, SubscriptionSpec<?> spec) {
        unshare(shared);
        release(breakers, breakerUsers, instanceName(spec));
    }

    /** The retry decisions of a subscription; the instance itself is made at its first failure. */
    public RetryDecider retry(SubscriptionSpec<?> spec) {
        RetryPolicy policy = spec.retry();
        String shared = instanceName(spec);
        if (policy.enabled()) {
            announce(retries, "retry", shared, spec.id());
        }
        // who shares a breaker need not share retry settings: an instance of the engine's own is the subscription's
        String name = isApplications(retries, shared) ? shared : spec.id();
        return new RetryDecider(policy, name, this, maxAttempts(name, policy));
    }

    /** The instance of that name; {@link #giveBackRetry} must follow. */
    Retry retryInstance(String name, RetryPolicy policy) {
        return acquire(
                retries,
                retryUsers,
                name,
                () -> retries.retry(
                        name, retries.getConfiguration(name).orElseGet(() -> RetryDecider.configOf(policy))));
    }

    void giveBackRetry(String name) {
        release(retries, retryUsers, name);
    }

    private synchronized SharedBreaker share(CircuitBreaker instance, EngineTime time) {
        Use use = inUse.computeIfAbsent(
                new Shared(instance, time), key -> new Use(new SharedBreaker(instance, time, !foreign)));
        use.users++;
        return use.breaker;
    }

    private synchronized void unshare(SharedBreaker breaker) {
        inUse.values().removeIf(use -> use.breaker == breaker && --use.users == 0);
    }

    static String instanceName(SubscriptionSpec<?> spec) {
        String name = spec.circuitBreaker().instanceName();
        return name == null ? spec.id() : name;
    }

    private int maxAttempts(String name, RetryPolicy policy) {
        Optional<RetryConfig> configured =
                retries.find(name).map(Retry::getRetryConfig).or(() -> retries.getConfiguration(name));
        return configured.map(RetryConfig::getMaxAttempts).orElse(policy.maxAttempts());
    }

    private void announce(Registry<?, ?> registry, String kind, String name, String id) {
        if (!isApplications(registry, name)) {
            return;
        }
        log.info(
                "Subscription '{}' uses the application's {} '{}' of Resilience4j instead of its own settings",
                id,
                kind,
                name);
    }

    private synchronized boolean isApplications(Registry<?, ?> registry, String name) {
        return registry.getConfiguration(name).isPresent()
                || (registry.find(name).isPresent() && users(registry).getOrDefault(name, 0) == 0);
    }

    private Map<String, Integer> users(Registry<?, ?> registry) {
        return registry == breakers ? breakerUsers : retryUsers;
    }

    private synchronized <E> E acquire(
            Registry<E, ?> registry, Map<String, Integer> users, String name, Supplier<E> factory) {
        if (registry.find(name).isEmpty() || users.containsKey(name)) {
            users.merge(name, 1, Integer::sum); // ours: made now, or made before by another subscription
        }
        return factory.get();
    }

    private synchronized void release(Registry<?, ?> registry, Map<String, Integer> users, String name) {
        Integer left = users.computeIfPresent(name, (key, count) -> count - 1);
        if (left != null && left == 0) {
            users.remove(name);
            registry.remove(name);
        }
    }

    /** Builds configurations of circuit breakers. */
    static final class BreakerConfigs {

        static CircuitBreakerConfig of(BreakerPolicy policy, java.time.Duration timeout, EngineTime time) {
            java.time.Duration slow = policy.slowCallDurationThreshold();
            // the synchronized window: the lock-free one costs 208 bytes a call, and 981 ns with two threads
            return CircuitBreakerConfig.custom()
                    .slidingWindow(
                            policy.slidingWindowSize(),
                            policy.minimumNumberOfCalls(),
                            policy.slidingWindowType() == BreakerPolicy.WindowType.COUNT_BASED
                                    ? CircuitBreakerConfig.SlidingWindowType.COUNT_BASED
                                    : CircuitBreakerConfig.SlidingWindowType.TIME_BASED,
                            CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                    .failureRateThreshold(policy.failureRateThreshold())
                    .slowCallRateThreshold(policy.slowCallRateThreshold())
                    .slowCallDurationThreshold(slow == null ? timeout.dividedBy(2) : slow)
                    .waitDurationInOpenState(policy.waitDurationInOpenState())
                    .permittedNumberOfCallsInHalfOpenState(policy.permittedNumberOfCallsInHalfOpenState())
                    .clock(new MonotonicClock(time))
                    .build();
        }
    }
}
