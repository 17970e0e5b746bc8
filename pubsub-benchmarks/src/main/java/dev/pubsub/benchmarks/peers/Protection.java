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
 * What a user writes around a handler by hand, as the documentations of Resilience4j and Micrometer have it: for each
 * event the call is decorated with a breaker, a retry and, if wanted, a TimeLimiter (their defaults), and recorded by a
 * Timer that is asked for by its name and tag. Or, more laboriously, decorated once for all events, with the Timer
 * kept.
 */
final class Protection implements AutoCloseable {

    /** How much of it is done beforehand. */
    enum Effort {
        /** Nothing. */
        FOR_EACH_EVENT,
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
    private final CircuitBreaker breaker = CircuitBreaker.ofDefaults("readings");
    private final Retry retry = Retry.ofDefaults("readings");
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
