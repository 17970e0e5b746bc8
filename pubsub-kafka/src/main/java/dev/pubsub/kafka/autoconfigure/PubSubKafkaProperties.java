package dev.pubsub.kafka.autoconfigure;

import dev.pubsub.kafka.KafkaSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** How subscriptions run on Kafka; the connection is {@code spring.kafka}'s. */
@ConfigurationProperties("pubsub.kafka")
public final class PubSubKafkaProperties {

    /** How often the offsets of finished messages are committed. */
    private Duration commitInterval = KafkaSettings.DEFAULTS.commitInterval();

    /** How long a rebalance waits for handlers of the partitions that go to another instance. At most one minute. */
    private Duration revocationTimeout = KafkaSettings.DEFAULTS.revocationTimeout();

    /** Messages of a partition that may be received beyond the first one that is not finished. */
    private int maxAhead = KafkaSettings.DEFAULTS.maxAhead();

    /** How often the offsets of finished messages are committed. */
    public Duration getCommitInterval() {
        return commitInterval;
    }

    /** See {@link #getCommitInterval}. */
    public void setCommitInterval(Duration commitInterval) {
        this.commitInterval = commitInterval;
    }

    /** How long a rebalance waits for handlers of the partitions that go to another instance. */
    public Duration getRevocationTimeout() {
        return revocationTimeout;
    }

    /** See {@link #getRevocationTimeout}. */
    public void setRevocationTimeout(Duration revocationTimeout) {
        this.revocationTimeout = revocationTimeout;
    }

    /** Messages of a partition that may be received beyond the first one that is not finished. */
    public int getMaxAhead() {
        return maxAhead;
    }

    /** See {@link #getMaxAhead}. */
    public void setMaxAhead(int maxAhead) {
        this.maxAhead = maxAhead;
    }
}
