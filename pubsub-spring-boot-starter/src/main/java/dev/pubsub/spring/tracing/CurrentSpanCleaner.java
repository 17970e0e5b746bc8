package dev.pubsub.spring.tracing;

import dev.pubsub.spi.ThreadContext;
import io.micrometer.tracing.Tracer;

/** Sees to it that a span which a handler made current, and left so, is not the parent of what comes next. */
public final class CurrentSpanCleaner implements ThreadContext {

    private final Tracer tracer;

    /** Of this tracer. */
    public CurrentSpanCleaner(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // nothing is to come back
    public void clear() {
        if (tracer.currentSpan() != null) {
            tracer.currentTraceContext().maybeScope(null);
        }
    }
}
