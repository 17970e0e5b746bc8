package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.HandlerTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on the worker for what a handler returned. */
final class StageAwait {

    /**
     * How long past the deadline the engine is given to interrupt. It decides that an attempt timed out; to throw first
     * would make a failure of it, which is retried.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private StageAwait() {}

    static void await(CompletionStage<?> stage, Delivery delivery) throws Exception {
        CompletableFuture<?> future = stage.toCompletableFuture();
        try {
            while (true) {
                // The deadline may be extended meanwhile, so each wait is for what remains at its beginning.
                Duration wait = delivery.remaining().plus(GRACE);
                try {
                    future.get(wait.toNanos(), TimeUnit.NANOSECONDS);
                    return;
                } catch (TimeoutException e) {
                    if (delivery.remaining().isZero()) {
                        cancel(stage, future);
                        throw new HandlerTimeoutException("The result was not there at the deadline", null);
                    }
                }
            }
        } catch (InterruptedException e) {
            cancel(stage, future);
            throw e;
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static void cancel(CompletionStage<?> stage, CompletableFuture<?> future) {
        future.cancel(true);
        if (stage != future && stage instanceof Future<?> original) {
            original.cancel(true);
        }
    }

    private static Exception unwrapped(Exception wrapper) {
        Throwable failure = wrapper;
        while ((failure instanceof ExecutionException || failure instanceof CompletionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : wrapper;
    }
}
