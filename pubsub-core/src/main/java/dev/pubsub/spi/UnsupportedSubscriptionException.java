package dev.pubsub.spi;

import java.io.Serial;

/** A subscription asks for what its transport cannot do. */
public final class UnsupportedSubscriptionException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String subscriptionId;
    private final String transport;

    /**
     * For this subscription of this transport.
     *
     * @param message what is asked for, and what to do
     */
    public UnsupportedSubscriptionException(String subscriptionId, String transport, String message) {
        super("Subscription '" + subscriptionId + "', transport '" + transport + "': " + message);
        this.subscriptionId = subscriptionId;
        this.transport = transport;
    }

    /** Which subscription. */
    public String subscriptionId() {
        return subscriptionId;
    }

    /** Which transport. */
    public String transport() {
        return transport;
    }
}
