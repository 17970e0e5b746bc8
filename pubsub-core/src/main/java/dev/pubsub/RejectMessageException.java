package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler: the message is of no use, dead-letter it now. Counts as no error to the circuit breaker. */
public class RejectMessageException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public RejectMessageException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public RejectMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
