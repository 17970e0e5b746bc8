package dev.pubsub.dispatch;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one key or topic. One of them, the head, is ready, active or parked ({@code busy}); the others follow.
 * While abandoned handlers of the lane still run ({@code blocked}), none follows. Guarded by the subscription's lock;
 * exists only while it is busy, blocked or followed.
 */
final class Lane {

    final Object key;
    final int hash; // of the key
    boolean busy;
    int blocked;
    private @Nullable CopyList followers; // until the first

    /** The next one in the same place of the table of {@link Lanes}. */
    @Nullable
    Lane next;

    Lane(Object key, int hash) {
        this.key = key;
        this.hash = hash;
    }

    boolean isFollowed() {
        return followers != null && !followers.isEmpty();
    }

    void forEachFollower(Consumer<Copy> action) {
        if (followers != null) {
            followers.forEach(action);
        }
    }

    void forFirstFollower(Consumer<Copy> action) {
        Copy first = followers == null ? null : followers.first();
        if (first != null) {
            action.accept(first);
        }
    }

    @Nullable
    Copy pollFollower() {
        return followers == null ? null : followers.poll();
    }

    /** To add to, or to take out of. */
    CopyList followers() {
        CopyList present = followers;
        if (present == null) {
            present = new CopyList();
            followers = present;
        }
        return present;
    }
}
