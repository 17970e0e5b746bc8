package dev.pubsub;

/** What a subscription handles one at a time, in the order of acceptance. */
public enum Ordering {
    /** Nothing. */
    NONE,
    /** Copies with the same key; those without a key are unordered. */
    KEY,
    /** Copies of the same topic. */
    TOPIC
}
