package dev.pubsub;

/** On which kind of thread handlers run. */
public enum Execution {
    /** As the engine is set: platform threads, unless the application runs on virtual threads. */
    AUTO,
    /** Platform threads of the engine's own pool. */
    PLATFORM,
    /** Virtual threads; needs Java 21. A deadline cannot free the carrier of a busy loop. */
    VIRTUAL
}
