package dev.pubsub.dispatch;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Parked copies by the time at which they are due: a binary heap in an array, in which each copy knows its index, so
 * that one can be taken out of the middle. Not safe for use by threads.
 */
final class Parking {

    /** Of subscriptions that have parked nothing yet; nothing is ever added to it. */
    static final Parking EMPTY = new Parking();

    private static final int SMALLEST = 16;

    private @Nullable Copy[] heap = new Copy[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    @Nullable
    Copy first() {
        return heap[0];
    }

    void add(Copy copy) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, copy);
    }

    @Nullable
    Copy poll() {
        Copy first = heap[0];
        if (first != null) {
            remove(first);
        }
        return first;
    }

    void remove(Copy copy) {
        int index = copy.details().heapIndex;
        Copy moved = at(--size);
        heap[size] = null;
        copy.details().heapIndex = -1;
        if (moved != copy) {
            siftDown(index, moved);
            if (at(index) == moved) {
                siftUp(index, moved);
            }
        }
        if (size < heap.length / 4 && heap.length > SMALLEST) {
            heap = Arrays.copyOf(heap, heap.length / 2); // a burst of retries must not be paid for ever
        }
    }

    void forEach(java.util.function.Consumer<Copy> action) {
        for (int i = 0; i < size; i++) {
            action.accept(at(i));
        }
    }

    private Copy at(int index) {
        return Objects.requireNonNull(heap[index]);
    }

    private static long due(Copy copy) {
        return copy.details().dueNanos;
    }

    private void set(int index, Copy copy) {
        heap[index] = copy;
        copy.details().heapIndex = index;
    }

    private void siftUp(int start, Copy copy) {
        int index = start;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (due(at(parent)) <= due(copy)) {
                break;
            }
            set(index, at(parent));
            index = parent;
        }
        set(index, copy);
    }

    private void siftDown(int start, Copy copy) {
        int index = start;
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && due(at(child + 1)) < due(at(child))) {
                child++;
            }
            if (due(copy) <= due(at(child))) {
                break;
            }
            set(index, at(child));
            index = child;
        }
        set(index, copy);
    }
}
