package dev.pubsub.benchmarks.peers;

/** What is published. Made beforehand, so that its bytes are in no figure. */
public record Reading(long value) {

    private static final int POOL = 1024;

    /** Readings to publish round and round. */
    public static Reading[] pool() {
        Reading[] pool = new Reading[POOL];
        for (int i = 0; i < POOL; i++) {
            pool[i] = new Reading(i + 1);
        }
        return pool;
    }
}
