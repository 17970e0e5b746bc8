package dev.pubsub;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler: try again after exactly this long, whatever the retry settings say. Counts as an attempt, and as
 * no error to the circuit breaker.
 */
public class RetryLaterException extends PubSubException {

    private static final long serialVersionUID = 1L;

    private final Duration delay;

    /**
     * After this long.
     *
     * @throws IllegalArgumentException if {@code delay} is negative or longer than 365 days
     */
    public RetryLaterException(Duration delay) {
        this(delay, null);
    }

    /**
     * After this long, because of {@code cause}.
     *
     * @throws IllegalArgumentException if {@code delay} is negative or longer than 365 days
     */
    public RetryLaterException(Duration delay, @Nullable Throwable cause) {
        super("To be tried again after " + Objects.requireNonNull(delay, "delay"), cause);
        if (delay.isNegative() || delay.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("delay is " + delay + "; it must be from 0 to 365 days");
        }
        this.delay = delay;
    }

    /** How long to wait. */
    public Duration delay() {
        return delay;
    }
}
