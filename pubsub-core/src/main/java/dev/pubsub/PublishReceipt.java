package dev.pubsub;

import java.util.Objects;

/** Says that a message was accepted. Immutable. */
public final class PublishReceipt {

    private final Message<?> message;
    private final int subscriptions;

    private PublishReceipt(Message<?> message, int subscriptions) {
        this.message = message;
        this.subscriptions = subscriptions;
    }

    /** A receipt for this message; keeps the message, so that its id is rendered only when somebody reads it. */
    public static PublishReceipt of(Message<?> message, int subscriptions) {
        return new PublishReceipt(Objects.requireNonNull(message, "message"), subscriptions);
    }

    /** The message's id; rendered when first read. */
    public String messageId() {
        return message.id();
    }

    /** How many subscriptions in this process took a copy; -1 where that is decided later or elsewhere. */
    public int subscriptions() {
        return subscriptions;
    }

    @Override
    public String toString() {
        return "PublishReceipt[messageId=" + messageId() + ", subscriptions=" + subscriptions + "]";
    }
}
