package dev.pubsub.engine;

import dev.pubsub.Ordering;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.DirectSender;
import dev.pubsub.spi.Transport;
import dev.pubsub.spi.UnsupportedSubscriptionException;
import java.util.List;
import java.util.function.Supplier;

/** Refuses subscriptions that ask for what their transport cannot do: nothing is done less well in silence. */
final class CapabilityCheck {

    private final Transport transport;

    CapabilityCheck(Transport transport) {
        this.transport = transport;
    }

    /**
     * {@code others} are the engine's subscriptions so far; asked for only where they matter, since they may be many.
     */
    void require(SubscriptionSpec<?> spec, Supplier<List<LiveSubscription>> others) {
        if (spec.ordering() == Ordering.KEY) {
            require(spec, Capability.KEY_ORDERED, "it asks for ordering KEY", "ordering");
        } else if (spec.ordering() == Ordering.TOPIC) {
            require(spec, Capability.TOPIC_ORDERED, "it asks for ordering TOPIC", "ordering");
        }
        if (spec.sequenced()) {
            require(spec, Capability.SEQUENCED_DEAD_LETTERS, "it asks for sequenced dead letters", "sequenced");
        }
        String group = spec.group();
        if (group != null) {
            require(spec, Capability.GROUPS, "it asks to be in a group", "group");
            requireAlone(spec, group, others);
        }
    }

    private void require(SubscriptionSpec<?> spec, Capability capability, String asked, String setting) {
        if (!transport.capabilities().contains(capability)) {
            throw new UnsupportedSubscriptionException(
                    spec.id(),
                    transport.name(),
                    asked + ", which this transport cannot do (" + capability + "); leave '" + setting
                            + "' out, or choose another transport");
        }
    }

    /** Within one process each subscription gets every message: two of them would not share those of their group. */
    private void requireAlone(SubscriptionSpec<?> spec, String group, Supplier<List<LiveSubscription>> others) {
        if (!(transport.sender() instanceof DirectSender)) {
            return;
        }
        for (LiveSubscription other : others.get()) {
            if (group.equals(other.spec().group()) && !other.id().equals(spec.id())) {
                throw new UnsupportedSubscriptionException(
                        spec.id(),
                        transport.name(),
                        "it is in the group '" + group + "', as '" + other.id()
                                + "' is, and this transport does not share messages between subscriptions of one"
                                + " process; raise the concurrency of one of them instead, or give each its own group");
            }
        }
    }
}
