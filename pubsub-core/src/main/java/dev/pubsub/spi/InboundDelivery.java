package dev.pubsub.spi;

import dev.pubsub.Message;
import dev.pubsub.Outcome;

/**
 * One message that a {@link Receiver} has offered to a subscription. Offsets, epochs, leases and row locks are the
 * transport's own affair, kept here. Each ends with one call, of {@link #settled} or {@link #forgotten}.
 */
public interface InboundDelivery {

    /** The message; its payload is decoded by the engine. Always the same one. */
    Message<EncodedPayload> message();

    /**
     * It is done with, and may be acknowledged: its dead letter, if it is one, is in its store. Called once at most, by
     * any thread, outside the engine's locks; must neither block nor throw.
     *
     * @return false where this came too late, since the message belongs to another receiver by now: it has no effect
     */
    boolean settled(Outcome outcome);

    /**
     * The engine has forgotten it, unsettled: it was withdrawn or revoked, or its subscription is closed, and nothing
     * of it waits or runs any more. Comes instead of {@link #settled}, once at most, by any thread, also under the
     * engine's locks; must be quick, and neither block nor throw. Default: nothing.
     */
    default void forgotten() {}

    /**
     * Whether it belongs to another receiver by now, or to none: no attempt of it begins any more. Once true, always
     * true. Read by any thread, also under the engine's locks.
     */
    boolean isRevoked();
}
