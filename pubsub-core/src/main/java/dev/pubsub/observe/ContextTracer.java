package dev.pubsub.observe;

import dev.pubsub.DeadLetter;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.observe.ContextCarrier.Captured;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageTracer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the publisher's context to the handler, and observes nothing. A message whose publisher's thread holds nothing
 * is not followed. What accessors throw is logged, and has no other effect. Immutable; safe for use by any thread.
 */
public final class ContextTracer implements MessageTracer {

    private static final Scope NO_SCOPE = () -> {};

    private final Supplier<Captured> capture;
    private final SubscriptionTracer attempts = new Attempts();

    private ContextTracer(ContextCarrier carrier) {
        this.capture = carrier::capture; // once, not for each message
    }

    /** With what this carrier takes. */
    public static ContextTracer of(ContextCarrier carrier) {
        return new ContextTracer(Objects.requireNonNull(carrier, "carrier"));
    }

    private Captured captured() {
        return Foreign.call(capture, Carried.NOTHING);
    }

    @Override
    public @Nullable Publication publish(Message<?> message, String template) {
        Captured captured = captured();
        return captured == Carried.NOTHING ? null : new Followed(message, new Taken(captured));
    }

    @Override
    public SubscriptionTracer subscription(SubscriptionSpec<?> spec) {
        return attempts;
    }

    @Override
    public Runnable carry(Runnable action) {
        Taken taken = new Taken(captured());
        return () -> {
            try (Scope scope = taken.begin()) {
                action.run();
            }
        };
    }

    /** What a copy keeps: it is the same for each of its attempts. */
    private record Taken(Captured captured) implements AttemptTrace {

        @Override
        public Scope begin() {
            Scope scope = Foreign.call(captured::restore, NO_SCOPE);
            return () -> Foreign.run(scope::close);
        }

        @Override
        public void end(AttemptResult result, @Nullable Throwable error) {}
    }

    /** A publish of which only the context matters; however it ends, nobody wants to know. */
    private record Followed(Message<?> message, Object context) implements Publication {

        @Override
        public Scope open() {
            return NO_SCOPE; // the thread holds it
        }

        @Override
        public void accepted(int copies) {}

        @Override
        public void refused(Throwable refusal) {}

        @Override
        public void dropped() {}
    }

    private final class Attempts implements SubscriptionTracer {

        @Override
        public Object replay(DeadLetter letter) {
            return new Taken(captured());
        }

        @Override
        public @Nullable AttemptTrace attempt(Delivery delivery, @Nullable Object context) {
            return context instanceof Taken taken ? taken : null;
        }
    }
}
