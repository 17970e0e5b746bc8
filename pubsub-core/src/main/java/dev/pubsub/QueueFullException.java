package dev.pubsub;

/** A subscription has no room for its copy, and the call was not to wait. */
public final class QueueFullException extends ConcurrencyLimitException {

    private static final long serialVersionUID = 1L;

    private final String subscriptionId;

    /** Names the subscription that is full. */
    public QueueFullException(String subscriptionId, String message) {
        super(message);
        this.subscriptionId = subscriptionId;
    }

    /** Which subscription is full. */
    public String subscriptionId() {
        return subscriptionId;
    }
}
