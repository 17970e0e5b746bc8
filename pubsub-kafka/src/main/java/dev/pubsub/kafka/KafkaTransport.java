package dev.pubsub.kafka;

import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.Sender;
import dev.pubsub.spi.Transport;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Apache Kafka: a topic is the topic of the same name, a subscription is a consumer group. At least once; in order for
 * each key, with more concurrency than there are partitions. Safe for use by any thread.
 */
public final class KafkaTransport implements Transport {

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(
            EnumSet.of(Capability.DURABLE, Capability.KEY_ORDERED, Capability.GROUPS, Capability.REPLAY));

    private final KafkaConnections connections;
    private final KafkaSettings settings;
    private final KafkaSender sender;
    private final DeadLetterTopics topics;
    private final KafkaDeadLetters deadLetters;

    /** Connects when the first message is published, or the first subscription started. */
    public KafkaTransport(KafkaConnections connections, KafkaSettings settings) {
        this.connections = Objects.requireNonNull(connections, "connections");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.sender = new KafkaSender(connections, settings.cloudEventsSource());
        this.topics = new DeadLetterTopics(connections);
        this.deadLetters =
                new KafkaDeadLetters(sender, topics, settings.deadLettersKept(), settings.deadLettersKeptFor());
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    public Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet) {
        return new KafkaReceiver(spec, inlet, connections, settings, () -> topics.read(spec.id(), deadLetters::apply));
    }

    @Override
    public DeadLetterStore deadLetterStore() {
        return deadLetters;
    }

    @Override
    public void close() {
        topics.close();
        sender.close();
    }
}
