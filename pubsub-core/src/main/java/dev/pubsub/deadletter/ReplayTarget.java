package dev.pubsub.deadletter;

import dev.pubsub.DeadLetter;

/**
 * A subscription, as dead letters see it. Safe for use by any thread; must not call back into
 * {@link DeadLetterService}.
 */
public interface ReplayTarget {

    /**
     * Accepts it as a new copy, with its attempts at 0.
     *
     * @throws RuntimeException as {@link dev.pubsub.DeadLetters#replay} says, if it cannot; nothing was accepted then
     */
    void accept(DeadLetter letter);

    /** It has accepted this one, which is no dead letter any more. Called outside all locks. */
    void accepted(DeadLetter letter);

    /** So many of its dead letters were replayed. */
    void countReplayed(int count);

    /** So many of its dead letters were discarded. */
    void countDiscarded(int count);

    /** So many of its dead letters were evicted. */
    void countEvicted(int count);
}
