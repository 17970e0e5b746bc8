package dev.pubsub.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The words of a subscription that publishers write, in a cache line of their own: what workers write at each message
 * must not take it away from them. {@link Places} says what {@code accepted} and {@code releasedSeen} mean,
 * {@link Backlog} what {@code inbox} is. (Fields of a superclass lie before those of its subclass, in every HotSpot.)
 */
final class Entrance extends EntranceWords {

    static final VarHandle ACCEPTED = handle("accepted", long.class);
    static final VarHandle RELEASED_SEEN = handle("releasedSeen", long.class);
    static final VarHandle INBOX = handle("inbox", Copy.class);

    @SuppressWarnings("unused")
    private long after1, after2, after3, after4, after5, after6, after7;

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(EntranceWords.class, field, type);
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

@SuppressWarnings("unused") // by VarHandle
abstract class EntranceWords extends EntrancePadding {
    volatile long accepted;
    long releasedSeen;
    volatile @Nullable Copy inbox;
}
