package dev.pubsub.engine;

import dev.pubsub.spi.SafeText;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many dead letters there are, for figures and health, which must be had even where a store of the application
 * hangs, or fails. It is asked on a thread of the engine's, one question at a time, and the answer awaited for a
 * moment; after that the last one counts until the store has answered again. Safe for use by any thread.
 */
final class DeadLetterCount {

    private static final Logger log = LoggerFactory.getLogger(DeadLetterCount.class);
    private static final long PATIENCE_MILLIS = 500;

    private final IntSupplier store;
    private final Executor threads;
    private final AtomicReference<@Nullable CompletableFuture<Integer>> asked = new AtomicReference<>();
    private volatile int known;
    private volatile boolean silent; // somebody has waited in vain, and nobody should again

    /** Of this store, which may block and throw. */
    DeadLetterCount(IntSupplier store, Executor threads) {
        this.store = store;
        this.threads = threads;
    }

    int now() {
        CompletableFuture<Integer> question = new CompletableFuture<>();
        CompletableFuture<Integer> earlier = asked.compareAndExchange(null, question);
        if (earlier == null) {
            threads.execute(() -> ask(question));
            return await(question);
        }
        return silent ? known : await(earlier);
    }

    private void ask(CompletableFuture<Integer> question) {
        try {
            int answer = store.getAsInt();
            known = answer;
            silent = false;
            asked.set(null);
            question.complete(answer);
        } catch (Throwable failure) {
            asked.set(null);
            question.completeExceptionally(failure);
        }
    }

    private int await(CompletableFuture<Integer> question) {
        try {
            return question.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            isSilent("no answer within " + PATIENCE_MILLIS + " ms");
        } catch (ExecutionException e) {
            isSilent(SafeText.of(Objects.requireNonNullElse(e.getCause(), e)));
        }
        return known;
    }

    private void isSilent(String why) {
        if (!silent) {
            silent = true;
            log.warn(
                    "The dead-letter store does not say how many it has, figures show {} until it does: {}",
                    known,
                    why);
        }
    }
}
