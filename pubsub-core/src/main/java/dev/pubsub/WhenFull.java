package dev.pubsub;

/** What happens when a subscription has no place left for its copy. */
public enum WhenFull {
    /** The publish waits or is refused, for all subscriptions. */
    REFUSE,
    /** This subscription's copy is dead-lettered as {@link DeadLetter.Reason#OVERFLOW}. */
    DEAD_LETTER,
    /** This subscription's copy is discarded. */
    DISCARD
}
