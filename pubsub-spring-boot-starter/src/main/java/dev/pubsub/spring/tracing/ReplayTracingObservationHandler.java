package dev.pubsub.spring.tracing;

import dev.pubsub.observe.ProcessObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Spans of attempts at replayed dead letters: children of whatever replays them, or the beginning of a trace, and
 * linked to the publish that the message was first published by, which may be days ago.
 */
public final class ReplayTracingObservationHandler implements TracingObservationHandler<ProcessObservationContext> {

    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final int SAMPLED = 1;

    private final Tracer tracer;

    /** Spans of this tracer. */
    public ReplayTracingObservationHandler(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessObservationContext process && process.deadLetterId() != null;
    }

    @Override
    public void onStart(ProcessObservationContext context) {
        Span.Builder span = tracer.spanBuilder().kind(Span.Kind.CONSUMER);
        Span parent = getParentSpan(context);
        if (parent == null) {
            span.setNoParent();
        } else {
            span.setParent(parent.context());
        }
        TraceContext origin = originOf(context);
        if (origin != null) {
            span.addLink(new Link(origin));
        }
        getTracingContext(context).setSpan(span.start());
    }

    private @Nullable TraceContext originOf(ProcessObservationContext context) {
        String traceparent = context.message().headers().get("traceparent");
        Matcher fields = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        if (!fields.matches()) {
            return null;
        }
        return tracer.traceContextBuilder()
                .traceId(fields.group(1))
                .spanId(fields.group(2))
                .sampled((Integer.parseInt(fields.group(3), 16) & SAMPLED) != 0)
                .build();
    }

    @Override
    public void onStop(ProcessObservationContext context) {
        Span span = getRequiredSpan(context);
        tagSpan(context, span);
        span.name(getSpanName(context));
        endSpan(context, span);
    }

    @Override
    public Tracer getTracer() {
        return tracer;
    }
}
