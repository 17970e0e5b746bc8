package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** An attempt exceeded its deadline; the stack trace is the one that the handler had. */
public final class HandlerTimeoutException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public HandlerTimeoutException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public HandlerTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
