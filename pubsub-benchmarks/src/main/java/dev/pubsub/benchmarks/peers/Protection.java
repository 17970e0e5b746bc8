package dev.pubsub.benchmarks.peers;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a user writes around a handler by hand, as the documentations of Resilience4j and Micrometer have it: for each
 * event the call is decorated with a breaker, a retry and, if wanted, a TimeLimiter (their defaults), and recorded by a
 * Timer that is asked for by its name and tag. Or, more laboriously, decorated once for all events, with the Timer
 * kept. Breaker and retry are bound to the registry of meters by Resilience4j's own module, as its Spring Boot starter
 * does, so that it shows of them what ours shows; or not.
 */
final class Protection implements AutoCloseable {

    /** How much of it is done beforehand. */
    enum Effort {
        /** Nothing. */
        FOR_EACH_EVENT,
        /** Nothing; and the meters of breaker and retry are not bound. */
        FOR_EACH_EVENT_UNBOUND,
        /** All that can be. */
        ONCE
    }

    /** In which thread the handler runs, so that a caller can stop waiting for it. */
    enum Limit {
        NONE,
        /** As Resilience4j's documentation has it: {@code CompletableFuture.supplyAsync(handler)}. */
        COMMON_POOL,
        /** The same in a pool of threads of its own, which on small machines is the better choice. */
        OWN_POOL
    }

    private final ExecutorService pool = Executors.newCachedThreadPool(Threads.daemons("by-hand"));
    private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
    private final RetryRegistry retries = RetryRegistry.ofDefaults();
    private final CircuitBreaker breaker = breakers.circuitBreaker("readings");
    private final Retry retry = retries.retry("readings");
    private final TimeLimiter limiter = TimeLimiter.ofDefaults("readings");
    private final MeterRegistry registry;
    private final Effort effort;
    private final Timer timer;
    private final Function<Reading, Boolean> plainOrLimited;
    private final Function<Reading, Boolean> decorated;

    Protection(Arrivals arrivals, Limit limit, Effort effort, MeterRegistry registry) {
        this.registry = registry;
        this.effort = effort;
        Function<Reading, Boolean> handler = reading -> {
            arrivals.arrived(reading);
            return true;
        };
        plainOrLimited = limited(handler, limit);
        decorated = Retry.decorateFunction(retry, CircuitBreaker.decorateFunction(breaker, plainOrLimited));
        timer = timer();
        if (effort != Effort.FOR_EACH_EVENT_UNBOUND) {
            TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);
            TaggedRetryMetrics.ofRetryRegistry(retries).bindTo(registry);
        }
    }

    private Timer timer() {
        return registry.timer("readings", "listener", "by-hand");
    }

    private Function<Reading, Boolean> limited(Function<Reading, Boolean> handler, Limit limit) {
        return switch (limit) {
            case NONE -> handler;
            case COMMON_POOL ->
                reading -> get(limiter, () -> CompletableFuture.supplyAsync(() -> handler.apply(reading)));
            case OWN_POOL ->
                reading -> get(limiter, () -> CompletableFuture.supplyAsync(() -> handler.apply(reading), pool));
        };
    }

    private static boolean get(TimeLimiter limiter, Supplier<CompletableFuture<Boolean>> handling) {
        try {
            return limiter.executeFutureSupplier(handling);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    void handle(Reading reading) {
        if (effort == Effort.ONCE) {
            timer.record(() -> decorated.apply(reading));
            return;
        }
        Supplier<Boolean> breaking = CircuitBreaker.decorateSupplier(breaker, () -> plainOrLimited.apply(reading));
        timer().record(Retry.decorateSupplier(retry, breaking));
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
