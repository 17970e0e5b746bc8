package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** The engine is stopped, stopping or closed, and accepts no messages. */
public final class PubSubClosedException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public PubSubClosedException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public PubSubClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
