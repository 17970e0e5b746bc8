package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** A message breaks a rule or a limit; publishing it again is of no use. */
public final class InvalidMessageException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value. */
    public InvalidMessageException(String message) {
        this(message, null);
    }

    /** With a message that holds no payload and no header value, and a cause. */
    public InvalidMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
