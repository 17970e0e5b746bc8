package dev.pubsub.tck;

import dev.pubsub.Message;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.Sender;
import dev.pubsub.spi.Transport;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The smallest transport that leaves its process, on a {@link LogBroker}: what the suite and the engine's remote path
 * are proven with.
 */
final class LogTransport implements Transport {

    private static final Set<Capability> CAPABILITIES =
            Set.of(Capability.DURABLE, Capability.KEY_ORDERED, Capability.GROUPS, Capability.REPLAY);

    private final LogBroker broker;
    private final LogFault fault;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "log-answers");
        thread.setDaemon(true);
        return thread;
    });
    private final RemoteSender sender = this::send;

    LogTransport(LogBroker broker, LogFault fault) {
        this.broker = broker;
        this.fault = fault;
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    /** Appends in the order of the calls, and answers later, as a network does. */
    private CompletableFuture<Void> send(Message<EncodedPayload> message) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        try {
            broker.append(fault == LogFault.DROPS_HEADERS ? withoutHeaders(message) : message);
            answers.execute(() -> answer.complete(null));
        } catch (IOException down) {
            answers.execute(() -> answer.completeExceptionally(down));
        }
        return answer;
    }

    private static Message<EncodedPayload> withoutHeaders(Message<EncodedPayload> message) {
        return Message.builder(message.topic(), message.payload())
                .key(message.key())
                .id(message.id())
                .timestamp(message.timestamp())
                .build();
    }

    @Override
    public Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet) {
        return new LogReceiver(broker, spec, inlet, fault);
    }

    /** What was sent is answered all the same. */
    @Override
    public void close() {
        answers.shutdown();
    }
}
