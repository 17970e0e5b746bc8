package dev.pubsub.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The words of a subscription that publishers write. {@link Places} says what {@code accepted} and {@code releasedSeen}
 * mean; {@code inbox} is a stack of copies linked by {@code next}, pushed by compare-and-set, which {@link Backlog}
 * takes whole.
 *
 * <p>They lie in cache lines of their own, with all else that each publish reads of a subscription ({@link Intake} is
 * the end of the line): what workers write at each message, be it a lock beside it, must not take it away from
 * publishers. Where it did, a message took 150 to 180 ns instead of 120, as the collector had laid things (2 cores,
 * Java 17). (Fields of a superclass lie before those of its subclass, in every HotSpot.)
 */
abstract class Entrance extends EntrancePadding {

    static final VarHandle ACCEPTED = handle("accepted", long.class);
    static final VarHandle RELEASED_SEEN = handle("releasedSeen", long.class);
    static final VarHandle INBOX = handle("inbox", Copy.class);

    volatile long accepted;

    @SuppressWarnings("unused") // by VarHandle
    long releasedSeen;

    volatile @Nullable Copy inbox;

    /**
     * Adds an accepted copy; any thread. Answers whether the inbox was empty: else an earlier pusher gives the signal.
     */
    final boolean push(Copy copy) {
        Copy top;
        do {
            top = inbox;
            copy.next = top;
        } while (!INBOX.compareAndSet(this, top, copy));
        return top == null;
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Entrance.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

@SuppressWarnings("unused")
abstract class EntrancePadding {
    private int before0; // else the inbox would be laid into the gap behind the object's header, before all padding
    private long before1, before2, before3, before4, before5, before6, before7;
}
