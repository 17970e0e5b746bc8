package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** The circuit breaker is open. */
public final class CircuitOpenException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public CircuitOpenException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public CircuitOpenException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
