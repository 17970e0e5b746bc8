package dev.pubsub;

import java.time.Duration;
import java.time.Instant;

/** One attempt to handle a copy of a message. Safe for use by any thread; says nothing of later attempts. */
public interface Delivery {

    /** The message, as it was published. */
    Message<?> message();

    /** Whose copy it is. */
    String subscriptionId();

    /** The number of this attempt, from 1. */
    int attempt();

    /** Whether a failure of this attempt would not be retried. */
    boolean isLastAttempt();

    /** When this attempt ends as a timeout, by the wall clock. */
    Instant deadline();

    /** How long until the deadline; zero once it has passed or the attempt has ended. */
    Duration remaining();

    /**
     * Whether the result is no longer wanted: the deadline has passed, the delivery was cancelled, or a shutdown is.
     */
    boolean isCancelled();

    /**
     * Moves the deadline to {@code now + d} if that is later.
     *
     * @return false, without effect, once the attempt has ended
     * @throws IllegalArgumentException if {@code d} is negative
     */
    boolean extend(Duration d);
}
