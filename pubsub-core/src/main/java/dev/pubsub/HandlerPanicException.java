package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** A handler threw an {@link Error}, which is the cause. */
public final class HandlerPanicException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public HandlerPanicException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public HandlerPanicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
