package dev.pubsub.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * A list through the copies themselves: no allocation, and removal in one step. Only a copy that somebody follows (it
 * has {@link Copy.Details} from the beginning) is ever taken out of the middle, so only those know who is before them.
 * Not safe for use by threads.
 */
final class CopyList {

    /** Of subscriptions that have had no copy yet; nothing is ever added to it. */
    static final CopyList NONE = new CopyList();

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
        follows(copy, last);
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
        follows(copy, null);
        copy.next = first;
        if (first == null) {
            last = copy;
        } else {
            follows(first, copy);
        }
        first = copy;
        size++;
    }

    /** All of a stack, the bottom first; answers how many there were. */
    int addStack(Copy top) {
        Copy behind = null;
        int count = 0;
        for (Copy copy = top; copy != null; count++) {
            Copy below = copy.next;
            follows(copy, below == null ? last : below);
            copy.next = behind;
            behind = copy;
            copy = below;
        }
        if (last == null) {
            first = behind;
        } else {
            last.next = behind;
        }
        last = top;
        size += count;
        return count;
    }

    /** Behind one that is in the list. */
    void addBehind(Copy before, Copy copy) {
        Copy after = before.next;
        if (after == null) {
            addLast(copy);
            return;
        }
        follows(copy, before);
        copy.next = after;
        before.next = copy;
        follows(after, copy);
        size++;
    }

    @Nullable
    Copy poll() {
        Copy copy = first;
        if (copy != null) {
            unlink(null, copy);
        }
        return copy;
    }

    /** Takes a copy with details out. */
    void remove(Copy copy) {
        unlink(copy.details().previous, copy);
    }

    private void unlink(@Nullable Copy before, Copy copy) {
        Copy after = copy.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            follows(after, before);
        }
        follows(copy, null); // no settled copy may keep its neighbours alive
        copy.next = null;
        size--;
    }

    private static void follows(Copy copy, @Nullable Copy before) {
        Copy.Details details = copy.detailsIfAny();
        if (details != null) {
            details.previous = before;
        }
    }
}
