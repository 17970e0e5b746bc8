package dev.pubsub.spi;

/**
 * What a transport may be able to do. A subscription that asks for what its transport cannot do is refused when it
 * subscribes; nothing is done less well in silence.
 */
public enum Capability {
    /** What was published outlives the process that published it. */
    DURABLE,
    /** Messages of one key arrive in the order in which they were published; asked for by ordering {@code KEY}. */
    KEY_ORDERED,
    /**
     * All messages of one topic arrive in the order in which they were published, whatever their keys, at one process
     * of a group; asked for by ordering {@code TOPIC}.
     */
    TOPIC_ORDERED,
    /** Subscriptions of one group share its messages, in whatever process they are; asked for by a group. */
    GROUPS,
    /** A message can be published to arrive later. */
    DELAY,
    /** The publisher learns when every copy was settled; asked for by {@link dev.pubsub.Publisher#deliver}. */
    SETTLEMENT_TRACKING,
    /** Later messages of a key wait behind its dead letters; asked for by {@code sequenced}. */
    SEQUENCED_DEAD_LETTERS,
    /** A subscription that is new gets what was published before, as far as it is kept. */
    REPLAY
}
