package dev.pubsub.test;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/** The circuit breakers of an engine, so that one test's failures are not counted by the next. */
final class CircuitBreakers {

    private final CircuitBreakerRegistry registry;

    CircuitBreakers(CircuitBreakerRegistry registry) {
        this.registry = registry;
    }

    CircuitBreakerRegistry registry() {
        return registry;
    }

    /** Closes all, with nothing counted. */
    void reset() {
        registry.getAllCircuitBreakers().forEach(CircuitBreaker::reset);
    }
}
