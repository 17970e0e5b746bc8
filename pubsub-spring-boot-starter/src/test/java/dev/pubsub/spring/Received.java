package dev.pubsub.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What handlers were given. */
final class Received {

    private final List<Object> values = new CopyOnWriteArrayList<>();

    void add(Object value) {
        values.add(value);
    }

    List<Object> values() {
        return values;
    }
}
