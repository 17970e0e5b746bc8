package dev.pubsub.test;

import dev.pubsub.Message;
import org.jspecify.annotations.Nullable;

/** Whether texts for people (toString, failures of assertions) show what messages hold. Safe for use by any thread. */
final class Shown {

    private volatile boolean payloads;

    void payloads(boolean value) {
        payloads = value;
    }

    boolean payloads() {
        return payloads;
    }

    /** Id and topic, and what the message holds only where it is to be shown. */
    String describe(Message<?> message) {
        String text = "message " + message.id() + " on " + message.topic();
        return payloads
                ? text + " (key " + message.key() + ", headers " + message.headers() + ", payload " + message.payload()
                        + ")"
                : text;
    }

    /** The type, and the text only where it is to be shown. */
    String describe(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "no exception";
        }
        return payloads ? thrown.toString() : thrown.getClass().getName();
    }

    /** The type, and the value only where it is to be shown. */
    String value(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return payloads
                ? value.toString()
                : "a " + value.getClass().getName() + " (not shown; probe.showPayloads() has it printed)";
    }
}
