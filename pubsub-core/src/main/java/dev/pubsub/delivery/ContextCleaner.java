package dev.pubsub.delivery;

import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.ThreadContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Clears what a handler left on its thread: the interrupt flag, the MDC and the registered contexts. Immutable. */
public final class ContextCleaner {

    private static final Logger log = LoggerFactory.getLogger(ContextCleaner.class);

    private final ThreadContext[] contexts;

    /** Clears these contexts too. */
    public ContextCleaner(List<ThreadContext> contexts) {
        this.contexts = contexts.toArray(new ThreadContext[0]);
    }

    /** Clears them for the calling thread. */
    void clear() {
        Thread.interrupted(); // a handler may have set it; the engine's own interrupts retire the thread anyway
        MDC.clear();
        for (ThreadContext context : contexts) {
            try {
                context.clear();
            } catch (Throwable thrown) {
                log.error("A thread context could not be cleared: {}", SafeText.of(thrown));
            }
        }
    }
}
