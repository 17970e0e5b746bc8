package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** What the engine throws. No message of these exceptions holds a payload or a header value. */
public class PubSubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With a message that holds no payload and no header value, and a cause. */
    public PubSubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether the message may have been accepted nevertheless; only on a broker, where a wait ended early. */
    public boolean outcomeUnknown() {
        return false;
    }
}
