package dev.pubsub;

import java.util.Objects;

/** Says that a message was accepted. Immutable. */
public final class PublishReceipt {

    private final Object accepted; // the message, taken by one subscription as is most usual; else a Count. 16 bytes so

    private PublishReceipt(Object accepted) {
        this.accepted = accepted;
    }

    private record Count(Message<?> message, int subscriptions) {}

    /** A receipt for this message; keeps the message, so that its id is rendered only when somebody reads it. */
    public static PublishReceipt of(Message<?> message, int subscriptions) {
        Objects.requireNonNull(message, "message");
        return new PublishReceipt(subscriptions == 1 ? message : new Count(message, subscriptions));
    }

    /** The message's id; rendered when first read. */
    public String messageId() {
        return accepted instanceof Count count ? count.message().id() : ((Message<?>) accepted).id();
    }

    /** How many subscriptions in this process took a copy; -1 where that is decided later or elsewhere. */
    public int subscriptions() {
        return accepted instanceof Count count ? count.subscriptions() : 1;
    }

    @Override
    public String toString() {
        return "PublishReceipt[messageId=" + messageId() + ", subscriptions=" + subscriptions() + "]";
    }
}
