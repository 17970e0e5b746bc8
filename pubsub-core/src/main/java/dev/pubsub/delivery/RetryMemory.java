package dev.pubsub.delivery;

import dev.pubsub.resilience.RetryDecider;

/** Where a copy keeps its failures from attempt to attempt. Asked by whoever ended the attempt. */
@FunctionalInterface
public interface RetryMemory {

    /** The same context for all attempts at one copy; made at the first failure. */
    RetryDecider.Context retryContext();
}
