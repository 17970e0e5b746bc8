package dev.pubsub.spi;

import dev.pubsub.Message;

/** The subscriptions of this process that are to get a message each. Made by the engine; safe for use by any thread. */
public interface Recipients {

    /** How many there are. */
    int size();

    /**
     * Gives each its copy, or none of them. Never blocks; may be called again after it has answered that there was no
     * room.
     *
     * @param nowNanos the engine's time, as the transport was given it
     * @return how many copies were accepted; or, if negative, {@code -(i + 1)} where recipient {@code i} has no room,
     *     and nothing was accepted
     */
    int takeAll(Message<?> message, long nowNanos);
}
