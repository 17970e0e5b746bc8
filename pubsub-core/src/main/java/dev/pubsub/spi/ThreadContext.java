package dev.pubsub.spi;

/**
 * Something that handlers leave on their thread, for example a security context. Called after every attempt on the
 * handler's thread, so that nothing of one message is visible to the next. Must be quick; what it throws is logged.
 */
@FunctionalInterface
public interface ThreadContext {

    /** Clears it for the current thread. */
    void clear();
}
