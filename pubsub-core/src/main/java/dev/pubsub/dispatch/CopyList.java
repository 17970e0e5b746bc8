package dev.pubsub.dispatch;

import dev.pubsub.delivery.Attempt;
import dev.pubsub.spi.Apart;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A list through the copies themselves: no allocation, and removal in one step. Only a copy that somebody follows (it
 * has {@link Copy.Details} from the beginning) is ever taken out of the middle, so only those know who is before them.
 *
 * <p>It is a ring: the last copy leads to the first, and only the last is kept here. So to take the first one writes to
 * copies alone, which are young: for a reference to them in an old object, as this soon is, G1 needs a memory barrier
 * (of the 120 ns of a message it took 5; 2 cores, Java 17). What workers write at each message lies {@link Apart}. Not
 * safe for use by threads.
 */
class CopyList extends Apart {

    /** Of subscriptions that have had no copy yet; nothing is ever added to it. */
    static final CopyList NONE = new CopyList();

    private @Nullable Copy last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return last == null;
    }

    @Nullable
    Copy first() {
        return last == null ? null : last.next;
    }

    void forEach(Consumer<Copy> action) {
        Copy copy = first();
        for (int i = 0; i < size && copy != null; i++) {
            action.accept(copy);
            copy = copy.next;
        }
    }

    void addLast(Copy copy) {
        insert(last, copy);
        last = copy;
    }

    void addFirst(Copy copy) {
        Copy behind = first();
        insert(last, copy);
        follows(copy, null);
        if (behind == null) {
            last = copy;
        } else {
            follows(behind, copy);
        }
    }

    /** Behind one that is in the list. */
    void addBehind(Copy before, Copy copy) {
        if (before == last) {
            addLast(copy);
            return;
        }
        insert(before, copy);
        if (copy.next != null) {
            follows(copy.next, copy);
        }
    }

    private void insert(@Nullable Copy before, Copy copy) {
        follows(copy, before);
        if (before == null) {
            copy.next = copy;
        } else {
            copy.next = before.next;
            before.next = copy;
        }
        size++;
    }

    /** All of a stack, the bottom first; answers how many there were. */
    int addStack(Copy top) {
        Copy first = first();
        Copy behind = null;
        Copy bottom = top;
        int count = 0;
        for (Copy copy = top; copy != null; count++) {
            Copy below = copy.next;
            follows(copy, below == null ? last : below);
            copy.next = behind;
            behind = copy;
            bottom = copy;
            copy = below;
        }
        if (last != null) {
            last.next = bottom;
        }
        top.next = first == null ? bottom : first;
        last = top;
        size += count;
        return count;
    }

    @Nullable
    Copy poll() {
        Copy end = last;
        if (end == null) {
            return null;
        }
        Copy copy = end.next;
        if (copy != null) {
            unlink(end, copy);
        }
        return copy;
    }

    /**
     * Takes out the first copies, so many at most, up to one that somebody follows; answers them linked, and marked.
     */
    @Nullable
    Copy pollUnfollowed(int most) {
        Copy end = last;
        Copy first = end == null ? null : end.next;
        Copy taken = null;
        Copy copy = first;
        int count = 0;
        while (count < most && copy != null && copy.detailsIfAny() == null) {
            copy.mark(Attempt.TAKEN);
            taken = copy;
            count++;
            copy = copy == end ? null : copy.next;
        }
        if (end == null || taken == null) {
            return null;
        }
        taken.next = null;
        size -= count;
        end.next = copy;
        if (copy == null) {
            last = null;
        } else {
            follows(copy, null);
        }
        return first;
    }

    /** Takes a copy with details out. */
    void remove(Copy copy) {
        Copy before = copy.details().previous;
        Copy end = last;
        if (before == null) {
            before = end; // it is the first
        }
        if (before != null) {
            unlink(before, copy);
        }
    }

    private void unlink(Copy before, Copy copy) {
        Copy after = copy.next;
        if (after == copy) {
            last = null;
        } else {
            before.next = after;
            if (copy == last) {
                last = before;
            } else if (after != null) {
                follows(after, before == last ? null : before);
            }
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

    /** One that lies apart from what is behind it, too. */
    static final class Padded extends CopyList {
        @SuppressWarnings("unused")
        private long after1, after2, after3, after4, after5, after6, after7, after8, after9;
        @SuppressWarnings("unused")
        private long after10, after11, after12, after13, after14, after15;
    }
}
