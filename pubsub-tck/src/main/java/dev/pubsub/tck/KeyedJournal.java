package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A handler of messages with keys that writes down what each key's attempts completed, in order, and whether two of one
 * key ever ran at once, be it in different processes. Safe for use by any thread.
 */
final class KeyedJournal implements MessageHandler<Object> {

    private final MessageHandler<Object> inner;
    private final Map<String, List<String>> completed = new TreeMap<>();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final Set<String> overlaps = ConcurrentHashMap.newKeySet();

    /** Completes everything. */
    KeyedJournal() {
        this((message, delivery) -> {});
    }

    /** Completes what the inner handler completes. */
    KeyedJournal(MessageHandler<Object> inner) {
        this.inner = inner;
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        String key = Objects.requireNonNull(message.key(), "a key");
        AtomicInteger present = running.computeIfAbsent(key, any -> new AtomicInteger());
        if (present.incrementAndGet() > 1) {
            overlaps.add(key);
        }
        try {
            inner.handle(message, delivery);
            completed(key, (String) message.payload());
        } finally {
            present.decrementAndGet();
        }
    }

    private synchronized void completed(String key, String text) {
        completed.computeIfAbsent(key, any -> new ArrayList<>()).add(text);
    }

    /** What was completed so far, by key. */
    synchronized Map<String, List<String>> completed() {
        Map<String, List<String>> copy = new TreeMap<>();
        completed.forEach((key, texts) -> copy.put(key, List.copyOf(texts)));
        return copy;
    }

    /** As {@link #completed}, without what was delivered again: the first of each counts. */
    Map<String, List<String>> firsts() {
        Map<String, List<String>> firsts = new TreeMap<>();
        completed().forEach((key, texts) -> firsts.put(key, List.copyOf(new LinkedHashSet<>(texts))));
        return firsts;
    }

    /** How many were completed, repetitions included. */
    synchronized int size() {
        return completed.values().stream().mapToInt(List::size).sum();
    }

    void assertOneAtATime() {
        assertThat(overlaps)
                .as("keys of which two messages were handled at once")
                .isEmpty();
    }
}
