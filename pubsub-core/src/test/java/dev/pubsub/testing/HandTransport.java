package dev.pubsub.testing;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A remote transport that is moved by the test's hand: nothing is answered, received or revoked by itself. */
public final class HandTransport implements Transport {

    private final Set<Capability> capabilities;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Map<String, Hand> hands = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Runnable whileStarting = () -> {};
    private volatile Runnable whileStopping = () -> {};
    private volatile Runnable whileSending = () -> {};

    /** With these capabilities. */
    public HandTransport(Capability... capabilities) {
        this.capabilities = EnumSet.noneOf(Capability.class);
        this.capabilities.addAll(List.of(capabilities));
    }

    /** A message that was sent, and its answer, which the test gives. */
    public record Sent(Message<EncodedPayload> message, CompletableFuture<@Nullable Void> answer) {

        /** The other side has taken it. */
        public void taken() {
            answer.complete(null);
        }
    }

    /** What was sent so far. */
    public List<Sent> sent() {
        return sent;
    }

    /** The receiver of a subscription. */
    public Hand of(String subscriptionId) {
        return hands.get(subscriptionId);
    }

    /** Is run by each start of a receiver, before that has returned. */
    public void whileStarting(Runnable action) {
        this.whileStarting = action;
    }

    /** Is run by each stop of a receiver, before that has returned. */
    public void whileStopping(Runnable action) {
        this.whileStopping = action;
    }

    /** Is run by each message that is sent, before it is; a message for which it throws is not sent. */
    public void whileSending(Runnable action) {
        this.whileSending = action;
    }

    /** What the engine has called, in order. */
    public List<String> calls() {
        return calls;
    }

    @Override
    public String name() {
        return "hand";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Sender sender() {
        return (RemoteSender) message -> {
            whileSending.run();
            Sent one = new Sent(message, new CompletableFuture<>());
            sent.add(one);
            return one.answer();
        };
    }

    @Override
    public Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet) {
        Hand hand = new Hand(spec.id(), inlet);
        hands.put(spec.id(), hand);
        return hand;
    }

    @Override
    public void close() {
        calls.add("close");
    }

    /** A receiver. */
    public final class Hand implements Receiver {

        private final String id;
        private final Inlet inlet;
        private final List<Brought> brought = new CopyOnWriteArrayList<>();

        private Hand(String id, Inlet inlet) {
            this.id = id;
            this.inlet = inlet;
        }

        /** The engine's side. */
        public Inlet inlet() {
            return inlet;
        }

        /** Offers a text without a key. */
        public Brought bring(String text) {
            return bring(null, text);
        }

        /** Offers a text. */
        public Brought bring(@Nullable String key, String text) {
            EncodedPayload payload =
                    EncodedPayload.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), null, null);
            return bring(Message.<EncodedPayload>builder("t", payload).key(key).build());
        }

        /** Offers a message. */
        public Brought bring(Message<EncodedPayload> message) {
            Brought one = new Brought(message);
            brought.add(one); // before the offer: its handler may revoke it at once
            one.taken = inlet.offer(one);
            return one;
        }

        /** It belongs to another receiver from now. */
        public int revokeAll() {
            brought.forEach(one -> one.revoked = true);
            return inlet.withdraw(InboundDelivery::isRevoked);
        }

        @Override
        public void start() {
            whileStarting.run();
            calls.add(id + " start");
        }

        @Override
        public void quiesce() {
            calls.add(id + " quiesce");
        }

        @Override
        public void stop() {
            whileStopping.run();
            calls.add(id + " stop");
            brought.forEach(one -> one.revoked = true);
        }
    }

    /** A delivery. */
    public static final class Brought implements InboundDelivery {

        private final Message<EncodedPayload> message;
        private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        private Inlet.@Nullable Taken taken;
        private final AtomicInteger forgotten = new AtomicInteger();
        private volatile boolean revoked;

        private Brought(Message<EncodedPayload> message) {
            this.message = message;
        }

        /** What became of the offer. */
        public Inlet.@Nullable Taken taken() {
            return taken;
        }

        /** How it was settled, each time. */
        public List<Outcome> outcomes() {
            return outcomes;
        }

        @Override
        public Message<EncodedPayload> message() {
            return message;
        }

        @Override
        public boolean settled(Outcome outcome) {
            outcomes.add(outcome);
            return !revoked;
        }

        @Override
        public void forgotten() {
            forgotten.incrementAndGet();
        }

        /** How often it was told that it is forgotten. */
        public int timesForgotten() {
            return forgotten.get();
        }

        @Override
        public boolean isRevoked() {
            return revoked;
        }
    }
}
