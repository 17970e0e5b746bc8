package dev.pubsub.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A doubly linked list through the copies themselves: no allocation, removal in one step. Not safe for use by threads.
 */
final class CopyList {

    private @Nullable Copy first;
    private @Nullable Copy last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Copy first() {
        return first;
    }

    void addLast(Copy copy) {
        copy.previous = last;
        copy.next = null;
        if (last == null) {
            first = copy;
        } else {
            last.next = copy;
        }
        last = copy;
        size++;
    }

    void addFirst(Copy copy) {
        copy.next = first;
        copy.previous = null;
        if (first == null) {
            last = copy;
        } else {
            first.previous = copy;
        }
        first = copy;
        size++;
    }

    @Nullable
    Copy poll() {
        Copy copy = first;
        if (copy != null) {
            remove(copy);
        }
        return copy;
    }

    void remove(Copy copy) {
        Copy before = copy.previous;
        Copy after = copy.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        copy.previous = null; // no settled copy may keep its neighbours alive
        copy.next = null;
        size--;
    }
}
