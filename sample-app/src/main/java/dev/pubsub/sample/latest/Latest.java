package dev.pubsub.sample.latest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest few of something, for many threads. */
public final class Latest<T> {

    private final Deque<T> items = new ArrayDeque<>();
    private final int kept;

    /** Keeps so many, at least one. */
    public Latest(int kept) {
        this.kept = kept;
    }

    public synchronized void add(T item) {
        items.addFirst(item);
        if (items.size() > kept) {
            items.removeLast();
        }
    }

    /** Newest first. */
    public synchronized List<T> list() {
        return List.copyOf(items);
    }
}
