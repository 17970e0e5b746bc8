package dev.pubsub.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import org.jspecify.annotations.Nullable;

/** The application's Resilience4j registries: an instance or a configuration of a subscription's name there wins. */
public final class ResilienceRegistries {

    private ResilienceRegistries() {}

    /** These registries; null: the engine's own. */
    public static ResilienceRegistries of(
            @Nullable CircuitBreakerRegistry circuitBreakers, @Nullable RetryRegistry retries) {
        return new ResilienceRegistries();
    }
}
