package dev.pubsub.engine;

/** Skeleton, replaced by the engine. */
public final class PubSubEngine {
    private PubSubEngine() {}

    /** A builder with the built-in defaults. */
    public static PubSubBuilder builder() {
        return new PubSubBuilder();
    }
}
