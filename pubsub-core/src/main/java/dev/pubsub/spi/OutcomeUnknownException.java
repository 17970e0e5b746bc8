package dev.pubsub.spi;

import java.io.Serial;

/**
 * A message was sent, and it cannot be told whether it was taken over. Its text must hold no payload or header value.
 */
public final class OutcomeUnknownException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    /** For this reason. */
    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
