package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** A publish call was interrupted while it waited; the thread's interrupt flag is set. */
public final class PublishCancelledException extends PubSubException {

    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    /** Not accepted. */
    public PublishCancelledException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /** Not accepted, or (on a broker) nobody knows. */
    public PublishCancelledException(String message, @Nullable Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    @Override
    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
