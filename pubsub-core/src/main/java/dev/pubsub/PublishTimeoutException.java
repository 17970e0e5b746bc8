package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** A publish call waited as long as it may, for a slot or for room, in vain. */
public final class PublishTimeoutException extends PubSubException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    /** Not accepted. */
    public PublishTimeoutException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** Not accepted, or (on a broker) nobody knows. */
    public PublishTimeoutException(String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    @Override
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
