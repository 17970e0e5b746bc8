package dev.pubsub.spi;

import dev.pubsub.PubSubException;
import org.jspecify.annotations.Nullable;

/** A payload cannot be converted to what a handler takes: its copy becomes a dead letter, unretried. */
public final class UndeliverableException extends PubSubException {

    private static final long serialVersionUID = 1L;

    /** With a message that does not hold the payload. */
    public UndeliverableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
