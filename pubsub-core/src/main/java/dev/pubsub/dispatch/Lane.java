package dev.pubsub.dispatch;

/**
 * The copies of one key or topic. One of them, the head, is ready, active or parked ({@code busy}); the others follow.
 * While abandoned handlers of the lane still run ({@code blocked}), none follows. Guarded by the subscription's lock;
 * exists only while it is busy, blocked or followed.
 */
final class Lane {

    final Object key;
    final CopyList followers = new CopyList();
    boolean busy;
    int blocked;

    Lane(Object key) {
        this.key = key;
    }
}
