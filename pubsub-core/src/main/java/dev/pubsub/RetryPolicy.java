package dev.pubsub;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How failures of a handler are retried: after {@code waitDuration * backoffMultiplier^(n-1)}, at most
 * {@code maxWaitDuration}, each wait drawn at random from plus or minus {@code jitter} of itself. Timeouts,
 * cancellations and interruptions are retried only where {@code retryExceptions} names them; an {@link Error} never is.
 * Immutable.
 */
public final class RetryPolicy {

    private static final RetryPolicy DEFAULT = builder().build();
    private static final RetryPolicy DISABLED = builder().enabled(false).build();

    private final boolean enabled;
    private final int maxAttempts;
    private final Duration waitDuration;
    private final double backoffMultiplier;
    private final Duration maxWaitDuration;
    private final double jitter;
    private final Set<Class<? extends Throwable>> retryExceptions;
    private final Set<Class<? extends Throwable>> ignoreExceptions;

    private RetryPolicy(Builder builder) {
        this.enabled = builder.enabled;
        this.maxAttempts = builder.maxAttempts;
        this.waitDuration = builder.waitDuration;
        this.backoffMultiplier = builder.backoffMultiplier;
        this.maxWaitDuration = builder.maxWaitDuration;
        this.jitter = builder.jitter;
        this.retryExceptions = builder.retryExceptions;
        this.ignoreExceptions = builder.ignoreExceptions;
    }

    /** Three attempts; waits of 200 ms, doubled each time up to 10 s, with half of it as jitter. */
    public static RetryPolicy defaults() {
        return DEFAULT;
    }

    /** One attempt. */
    public static RetryPolicy disabled() {
        return DISABLED;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether failures are retried at all. */
    public boolean enabled() {
        return enabled;
    }

    /** Attempts in all, the first included. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** The wait before the second attempt. */
    public Duration waitDuration() {
        return waitDuration;
    }

    /** By what each wait is longer than the one before. */
    public double backoffMultiplier() {
        return backoffMultiplier;
    }

    /** The longest wait. */
    public Duration maxWaitDuration() {
        return maxWaitDuration;
    }

    /** The share of a wait by which it varies, 0 to 1. */
    public double jitter() {
        return jitter;
    }

    /** If not empty, the only exceptions (with their subclasses) that are retried. */
    public Set<Class<? extends Throwable>> retryExceptions() {
        return retryExceptions;
    }

    /** Exceptions (with their subclasses) that are not retried; these win over {@link #retryExceptions}. */
    public Set<Class<? extends Throwable>> ignoreExceptions() {
        return ignoreExceptions;
    }

    @Override
    public String toString() {
        return "RetryPolicy[enabled=" + enabled + ", maxAttempts=" + maxAttempts + ", waitDuration=" + waitDuration
                + ", backoffMultiplier=" + backoffMultiplier + ", maxWaitDuration=" + maxWaitDuration + ", jitter="
                + jitter + ", retryExceptions=" + retryExceptions + ", ignoreExceptions=" + ignoreExceptions + "]";
    }

    /** Builds a {@link RetryPolicy}; each setter throws {@link IllegalArgumentException} for what is out of range. */
    public static final class Builder {

        private boolean enabled = true;
        private int maxAttempts = 3;
        private Duration waitDuration = Duration.ofMillis(200);
        private double backoffMultiplier = 2.0;
        private Duration maxWaitDuration = Duration.ofSeconds(10);
        private double jitter = 0.5;
        private Set<Class<? extends Throwable>> retryExceptions = Set.of();
        private Set<Class<? extends Throwable>> ignoreExceptions = Set.of();

        private Builder() {}

        /** Default: true. */
        public Builder enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }

        /** 1 to 1,000; default 3. */
        public Builder maxAttempts(int maxAttempts) {
            this.maxAttempts = Limits.range("retry.max-attempts", maxAttempts, 1, 1_000);
            return this;
        }

        /** 1 ms to 365 days; default 200 ms. */
        public Builder waitDuration(Duration waitDuration) {
            this.waitDuration = Limits.duration("retry.wait-duration", waitDuration);
            return this;
        }

        /** 1.0 to 100.0; default 2.0. */
        public Builder backoffMultiplier(double backoffMultiplier) {
            this.backoffMultiplier = Limits.range("retry.backoff-multiplier", backoffMultiplier, 1.0, 100.0);
            return this;
        }

        /** 1 ms to 365 days; default 10 s. */
        public Builder maxWaitDuration(Duration maxWaitDuration) {
            this.maxWaitDuration = Limits.duration("retry.max-wait-duration", maxWaitDuration);
            return this;
        }

        /** 0.0 to 1.0; default 0.5. */
        public Builder jitter(double jitter) {
            this.jitter = Limits.range("retry.jitter", jitter, 0.0, 1.0);
            return this;
        }

        /** Default: none, which means every exception. */
        public Builder retryExceptions(Set<Class<? extends Throwable>> types) {
            this.retryExceptions = Set.copyOf(Objects.requireNonNull(types, "retry.retry-exceptions"));
            return this;
        }

        /** Default: none. */
        public Builder ignoreExceptions(Set<Class<? extends Throwable>> types) {
            this.ignoreExceptions = Set.copyOf(Objects.requireNonNull(types, "retry.ignore-exceptions"));
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if the longest wait is shorter than the first
         */
        public RetryPolicy build() {
            if (maxWaitDuration.compareTo(waitDuration) < 0) {
                throw new IllegalArgumentException("retry.max-wait-duration is " + maxWaitDuration
                        + ", which is less than retry.wait-duration, " + waitDuration);
            }
            return new RetryPolicy(this);
        }
    }
}
