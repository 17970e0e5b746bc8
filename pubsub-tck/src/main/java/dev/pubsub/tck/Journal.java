package dev.pubsub.tck;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import java.util.ArrayList;
import java.util.List;

/** A handler that writes down what it was given, in order. Safe for use by any thread. */
final class Journal implements MessageHandler<Object> {

    private final List<Message<Object>> messages = new ArrayList<>();

    @Override
    public void handle(Message<Object> message, Delivery delivery) {
        add(message);
    }

    synchronized void add(Message<Object> message) {
        messages.add(message);
    }

    synchronized List<Message<Object>> messages() {
        return List.copyOf(messages);
    }

    synchronized int size() {
        return messages.size();
    }

    /** The payloads, which are text. */
    List<String> texts() {
        return messages().stream().map(message -> (String) message.payload()).toList();
    }
}
