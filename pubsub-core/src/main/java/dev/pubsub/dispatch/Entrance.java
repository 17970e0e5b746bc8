package dev.pubsub.dispatch;

import dev.pubsub.spi.Apart;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The words of a subscription that publishers write. {@link Places} says what {@code accepted} and {@code releasedSeen}
 * mean; {@code inbox} is a stack of copies linked by {@code next}, pushed by compare-and-set, which {@link Backlog}
 * takes whole.
 *
 * <p>They lie {@link Apart}, with all else that each publish reads of a subscription ({@link Intake} is the end of the
 * line): what workers write at each message, be it a lock beside it, must not take it away from publishers.
 */
abstract class Entrance extends Apart {

    static final VarHandle ACCEPTED = handle("accepted", long.class);
    static final VarHandle RELEASED_SEEN = handle("releasedSeen", long.class);
    static final VarHandle INBOX = handle("inbox", Copy.class);

    volatile long accepted;

    @SuppressWarnings("unused") // by VarHandle
    long releasedSeen;

    volatile @Nullable Copy inbox;

    /** See {@link Rouser}. */
    volatile boolean wanted;

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
