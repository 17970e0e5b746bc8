package dev.pubsub.spring;

import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.Sender;
import dev.pubsub.spi.Transport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Encodes what is published, and brings it to every subscription of the topic at once, as a broker would later. */
final class LoopTransport implements Transport {

    private final List<Looped> receivers = new CopyOnWriteArrayList<>();
    private final Set<Capability> capabilities;

    LoopTransport() {
        this(Set.of());
    }

    LoopTransport(Set<Capability> capabilities) {
        this.capabilities = capabilities;
    }

    private record Looped(SubscriptionSpec<?> spec, Inlet inlet) implements Receiver {

        @Override
        public void start() {}

        @Override
        public void quiesce() {}

        @Override
        public void stop() {}
    }

    private record Brought(Message<EncodedPayload> message) implements InboundDelivery {

        @Override
        public boolean settled(Outcome outcome) {
            return true;
        }

        @Override
        public boolean isRevoked() {
            return false;
        }
    }

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Sender sender() {
        return (RemoteSender) message -> {
            for (Looped receiver : receivers) {
                if (receiver.spec().patterns().contains(message.topic())) {
                    receiver.inlet().offer(new Brought(message));
                }
            }
            return CompletableFuture.completedFuture(null);
        };
    }

    @Override
    public Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet) {
        Looped receiver = new Looped(spec, inlet);
        receivers.add(receiver);
        return receiver;
    }

    @Override
    public void close() {}
}
