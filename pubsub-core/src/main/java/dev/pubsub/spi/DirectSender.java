package dev.pubsub.spi;

import dev.pubsub.Message;

/**
 * Gives a message to the subscriptions of this process, on the publisher's thread. Safe for use by any thread; never
 * blocks: where there is no room, the engine waits and asks again.
 */
public non-sealed interface DirectSender extends Sender {

    /**
     * Sends a valid, admitted message.
     *
     * @param recipients the subscriptions that match it and whose conditions want it
     * @param nowNanos the engine's time, to be handed on
     * @return as {@link Recipients#takeAll}
     */
    int send(Message<?> message, Recipients recipients, long nowNanos);
}
