package dev.pubsub.transport.memory;

import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.DirectSender;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.Sender;
import dev.pubsub.spi.Transport;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Within one process: the publisher's thread puts the copies straight into the subscriptions' queues. Safe for use by
 * any thread; has no state.
 */
public final class MemoryTransport implements Transport {

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.KEY_ORDERED,
            Capability.TOPIC_ORDERED,
            Capability.GROUPS, // each of one subscription: the engine refuses another one in the same group
            Capability.SETTLEMENT_TRACKING,
            Capability.SEQUENCED_DEAD_LETTERS));
    private static final DirectSender SENDER = (message, recipients, nowNanos) -> recipients.takeAll(message, nowNanos);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Sender sender() {
        return SENDER;
    }

    @Override
    public Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet) {
        return Receiver.NONE;
    }

    @Override
    public void close() {}
}
