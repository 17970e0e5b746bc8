package dev.pubsub.kafka;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the transport works.
 *
 * @param commitInterval how often finished offsets are committed, at least; above 0
 * @param revocationTimeout how long a rebalance waits for handlers of revoked partitions to end; 0 to 1 minute
 * @param maxAhead how many messages of a partition may be received beyond the first unfinished one; 1 to 1,000,000
 * @param deadLettersKept how many dead letters are kept in memory to be browsed; their topics keep what they keep
 * @param deadLettersKeptFor for how long
 * @param cloudEventsSource the {@code source} of the CloudEvents attributes that go with each record, a URI reference;
 *     null for none
 */
public record KafkaSettings(
        Duration commitInterval,
        Duration revocationTimeout,
        int maxAhead,
        int deadLettersKept,
        Duration deadLettersKeptFor,
        @Nullable String cloudEventsSource) {

    /** Commits every 200 ms, waits 5 s, goes 10,000 messages ahead. */
    public static final KafkaSettings DEFAULTS =
            new KafkaSettings(Duration.ofMillis(200), Duration.ofSeconds(5), 10_000, 10_000, Duration.ofDays(7), null);

    /** Checks them. */
    public KafkaSettings {
        if (commitInterval.isNegative() || commitInterval.isZero()) {
            throw new IllegalArgumentException("commit-interval is " + commitInterval + "; it must be above 0");
        }
        if (revocationTimeout.isNegative() || revocationTimeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "revocation-timeout is " + revocationTimeout + "; it must be from 0 to 1 minute");
        }
        if (maxAhead < 1 || maxAhead > 1_000_000) {
            throw new IllegalArgumentException("max-ahead is " + maxAhead + "; it must be from 1 to 1,000,000");
        }
        if (cloudEventsSource != null && (cloudEventsSource.isEmpty() || !isUri(cloudEventsSource))) {
            throw new IllegalArgumentException("cloud-events-source is \"" + cloudEventsSource
                    + "\"; it must be a URI reference, for example \"/orders\" or \"https://acme.com/orders\"");
        }
    }

    private static boolean isUri(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException invalid) {
            return false;
        }
    }
}
