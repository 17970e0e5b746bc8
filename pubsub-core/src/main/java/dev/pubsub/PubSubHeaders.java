package dev.pubsub;

/**
 * Names under which a handler's parameters can ask for what a message carries beside its headers. All begin with
 * {@link #RESERVED_PREFIX}, so no header of a message can bear one of them.
 */
public final class PubSubHeaders {

    /** Names of headers that begin so are refused at publish. */
    public static final String RESERVED_PREFIX = "pubsub-";

    /** The message's topic, a String. */
    public static final String TOPIC = "pubsub-topic";

    /** The message's key, a String; absent where it has none. */
    public static final String KEY = "pubsub-key";

    /** The message's id, a String. */
    public static final String ID = "pubsub-id";

    /** The number of this attempt, an Integer from 1. */
    public static final String ATTEMPT = "pubsub-attempt";

    /** When the message was created, an Instant. */
    public static final String TIMESTAMP = "pubsub-timestamp";

    private PubSubHeaders() {}
}
