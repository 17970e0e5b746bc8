package dev.pubsub.kafka.autoconfigure;

import dev.pubsub.kafka.KafkaSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
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

    /**
     * Source of the CloudEvents attributes (headers ce_id, ce_type and so on) that go with each record, a URI reference
     * such as /orders. Not set: records have none.
     */
    private @Nullable String cloudEventsSource;

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

    /** Source of the CloudEvents attributes that go with each record; null for none. */
    public @Nullable String getCloudEventsSource() {
        return cloudEventsSource;
    }

    /** See {@link #getCloudEventsSource}. */
    public void setCloudEventsSource(@Nullable String cloudEventsSource) {
        this.cloudEventsSource = cloudEventsSource;
    }
}
