package dev.pubsub;

import java.util.Map;
import java.util.Objects;

/** How every copy of a message was settled, by subscription id. Immutable. */
public final class DeliveryReport {

    private final Message<?> message;
    private final Map<String, Outcome> outcomes;

    private DeliveryReport(Message<?> message, Map<String, Outcome> outcomes) {
        this.message = message;
        this.outcomes = outcomes;
    }

    /** A report on this message. */
    public static DeliveryReport of(Message<?> message, Map<String, Outcome> outcomes) {
        return new DeliveryReport(Objects.requireNonNull(message, "message"), Map.copyOf(outcomes));
    }

    /** The message's id. */
    public String messageId() {
        return message.id();
    }

    /** Outcomes by subscription id; empty where no subscription took a copy. */
    public Map<String, Outcome> outcomes() {
        return outcomes;
    }

    @Override
    public String toString() {
        return "DeliveryReport[messageId=" + messageId() + ", outcomes=" + outcomes + "]";
    }
}
