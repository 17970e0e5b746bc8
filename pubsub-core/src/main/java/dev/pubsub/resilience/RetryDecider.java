package dev.pubsub.resilience;

import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.spi.SafeText;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether and when a failed attempt is retried. Which kinds are retried at all is decided here, by the policy;
 * how often and after which wait by Resilience4j, whose asynchronous context waits in no thread. Safe for use by any
 * thread; {@code instance} is written once, under this object's lock.
 */
public final class RetryDecider {

    /** What {@link #waitNanos} answers where there is to be no further attempt. */
    public static final long NO_RETRY = -1;

    private static final List<Class<? extends Throwable>> UNRETRIED_KINDS = List.of(
            InterruptedException.class,
            CancellationException.class,
            ClosedByInterruptException.class,
            InterruptedIOException.class,
            PublishCancelledException.class,
            HandlerTimeoutException.class);

    private static final Logger log = LoggerFactory.getLogger(RetryDecider.class);

    private final RetryPolicy policy;
    private final String name;
    private final ResilienceRegistries registries;
    private final int maxAttempts;
    private volatile @Nullable Retry instance;
    private boolean released;

    RetryDecider(RetryPolicy policy, String name, ResilienceRegistries registries, int maxAttempts) {
        this.policy = policy;
        this.name = name;
        this.registries = registries;
        this.maxAttempts = policy.enabled() ? maxAttempts : 1;
    }

    /** Attempts in all. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** Whether this is a cancellation or an interruption, which is retried only where the policy names it. */
    public static boolean isCancellation(Throwable thrown) {
        return thrown instanceof InterruptedException
                || thrown instanceof CancellationException
                || thrown instanceof ClosedByInterruptException
                || thrown instanceof PublishCancelledException
                || (thrown instanceof InterruptedIOException && !(thrown instanceof SocketTimeoutException));
    }

    /** Whether what was thrown is of a kind that is retried, never mind how often. */
    public boolean isRetryable(Throwable thrown) {
        if (maxAttempts < 2 || thrown instanceof Error || names(policy.ignoreExceptions(), thrown)) {
            return false;
        }
        if (isCancellation(thrown) || thrown instanceof HandlerTimeoutException) {
            return policy.retryExceptions().stream().anyMatch(type -> type.isInstance(thrown) && isUnretriedKind(type));
        }
        return policy.retryExceptions().isEmpty() || names(policy.retryExceptions(), thrown);
    }

    /**
     * How long to wait before the next attempt, or {@link #NO_RETRY}.
     *
     * @param context what this method answered in {@link Context} for the copy's failure before; a new one for the
     *     first
     * @param attempt the number of the attempt that failed
     */
    public long waitNanos(Context context, int attempt, Throwable thrown) {
        if (attempt >= maxAttempts || !isRetryable(thrown)) {
            return NO_RETRY;
        }
        long millis;
        try {
            millis = context.asyncContext.onError(thrown);
        } catch (Throwable foreign) { // a listener or predicate of the application's; it must not cost the copy
            log.error("Resilience4j's retry failed, the policy decides: {}", SafeText.of(foreign));
            millis = interval(policy).apply(attempt);
        }
        return millis < 0 ? NO_RETRY : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** A context for a copy that failed for the first time. */
    public Context newContext() {
        return new Context(instance().asyncContext());
    }

    /** Removes the instance from its registry, if it was made for the engine. Idempotent. */
    public synchronized void close() {
        if (!released) {
            released = true;
            if (instance != null) {
                registries.giveBackRetry(name);
            }
        }
    }

    static RetryConfig configOf(RetryPolicy policy) {
        return RetryConfig.custom()
                .maxAttempts(policy.maxAttempts())
                .intervalFunction(interval(policy))
                .build();
    }

    private static IntervalFunction interval(RetryPolicy policy) {
        double first = policy.waitDuration().toMillis();
        double longest = policy.maxWaitDuration().toMillis();
        return attempt -> {
            double wait = Math.min(longest, first * Math.pow(policy.backoffMultiplier(), attempt - 1.0));
            double spread = policy.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
            return Math.max(1, Math.round(Math.min(longest, wait * (1 + spread))));
        };
    }

    private static boolean names(Set<Class<? extends Throwable>> types, Throwable thrown) {
        for (Class<? extends Throwable> type : types) {
            if (type.isInstance(thrown)) {
                return true;
            }
        }
        return false;
    }

    /** Naming {@code Exception} does not mean to retry interruptions; naming the kind, or a subclass of it, does. */
    private static boolean isUnretriedKind(Class<? extends Throwable> type) {
        return UNRETRIED_KINDS.stream().anyMatch(kind -> kind.isAssignableFrom(type));
    }

    private Retry instance() {
        Retry retry = instance;
        return retry != null ? retry : create();
    }

    private synchronized Retry create() {
        Retry retry = instance;
        if (retry == null) {
            retry = registries.retryInstance(name, policy);
            instance = retry;
        }
        return retry;
    }

    /** The failures of one copy so far, as Resilience4j counts them. */
    public static final class Context {

        private final Retry.AsyncContext<Object> asyncContext;

        private Context(Retry.AsyncContext<Object> asyncContext) {
            this.asyncContext = asyncContext;
        }

        /** The copy succeeded after all; for Resilience4j's own figures. */
        public void succeeded() {
            try {
                asyncContext.onComplete();
            } catch (Throwable foreign) {
                log.error("A listener of Resilience4j's retry failed: {}", SafeText.of(foreign));
            }
        }
    }
}
