package dev.pubsub;

/** What happens to copies while the circuit breaker is open. */
public enum WhenOpen {
    /** They wait: no attempt is spent. */
    PAUSE,
    /** They are dead-lettered as {@link DeadLetter.Reason#CIRCUIT_OPEN}. */
    DEAD_LETTER
}
