package dev.pubsub.tck;

import dev.pubsub.RetryPolicy;
import java.time.Duration;

/** Retry policies of tests. */
final class Retries {

    private Retries() {}

    /** So many attempts, with next to no wait between them. */
    static RetryPolicy atOnce(int attempts) {
        return RetryPolicy.builder()
                .maxAttempts(attempts)
                .waitDuration(Duration.ofMillis(1))
                .build();
    }
}
