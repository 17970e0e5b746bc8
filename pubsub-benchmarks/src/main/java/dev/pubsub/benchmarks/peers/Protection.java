package dev.pubsub.benchmarks.peers;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a user writes around a handler by hand: Resilience4j's breaker and retry with their defaults, a Micrometer
 * Timer, and, if wanted, a TimeLimiter. Decorated once, not for every message, which is the fastest way to write it.
 */
final class Protection implements AutoCloseable {

    /** In which thread the handler runs, so that a caller can stop waiting for it. */
    enum Limit {
        NONE,
        /** As Resilience4j's documentation has it: {@code CompletableFuture.supplyAsync(handler)}. */
        COMMON_POOL,
        /** The same in a pool of threads of its own, which on small machines is the better choice. */
        OWN_POOL
    }

    private final ExecutorService pool = Executors.newCachedThreadPool(Threads.daemons("by-hand"));
    private final Timer timer;
    private final Function<Reading, Boolean> protectedHandler;

    Protection(Arrivals arrivals, Limit limit, MeterRegistry registry) {
        Function<Reading, Boolean> handler = reading -> {
            arrivals.arrived(reading);
            return true;
        };
        Function<Reading, Boolean> breaking = CircuitBreaker.decorateFunction(
                CircuitBreaker.ofDefaults("readings"), limited(handler, limit, TimeLimiter.ofDefaults("readings")));
        protectedHandler = Retry.decorateFunction(Retry.ofDefaults("readings"), breaking);
        timer = Timer.builder("readings").register(registry);
    }

    private Function<Reading, Boolean> limited(Function<Reading, Boolean> handler, Limit limit, TimeLimiter limiter) {
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
        timer.record(() -> protectedHandler.apply(reading));
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
