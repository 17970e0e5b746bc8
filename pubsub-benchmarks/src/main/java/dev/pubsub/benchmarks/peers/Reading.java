package dev.pubsub.benchmarks.peers;

/** What is published. Made beforehand, so that its bytes are in no figure. */
public record Reading(long value) {

    /** Readings 1 to size, to publish round and round. */
    public static Reading[] pool(int size) {
        Reading[] pool = new Reading[size];
        for (int i = 0; i < size; i++) {
            pool[i] = new Reading(i + 1);
        }
        return pool;
    }
}
