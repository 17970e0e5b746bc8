package dev.pubsub.engine;

/** What a publish does where no slot or no room is free. */
public enum Overflow {
    /** Waits up to the publisher's timeout. */
    BLOCK,
    /** Fails at once. */
    FAIL
}
