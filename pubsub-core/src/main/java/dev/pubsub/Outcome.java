package dev.pubsub;

/** How a copy of a message was settled: exactly one of these, exactly once. */
public enum Outcome {
    /** The handler returned. */
    COMPLETED,
    /** Kept in the dead letters. */
    DEAD_LETTERED,
    /** Dropped: dead letters are off, its subscription was closed, or its delivery was cancelled. */
    DISCARDED
}
