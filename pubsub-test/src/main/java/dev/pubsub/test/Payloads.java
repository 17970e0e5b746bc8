package dev.pubsub.test;

import dev.pubsub.Message;

/** Payloads by their type. */
final class Payloads {

    private Payloads() {}

    static <P> P as(Class<P> type, Message<?> message) {
        Object payload = message.payload();
        if (!type.isInstance(payload)) {
            throw new AssertionError("The payload of message " + message.id() + " on " + message.topic() + " is a "
                    + payload.getClass().getName() + ", not a " + type.getName());
        }
        return type.cast(payload);
    }
}
