package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** As many publish calls as allowed are in progress, and this one was not to wait. */
public class ConcurrencyLimitException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public ConcurrencyLimitException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public ConcurrencyLimitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
