package dev.pubsub.spi;

import dev.pubsub.Message;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gives messages away to whoever keeps them for their subscriptions. Safe for use by any thread. Messages of one key
 * that are sent one after another are kept in that order, as far as the transport is {@link Capability#KEY_ORDERED}.
 */
public non-sealed interface RemoteSender extends Sender {

    /**
     * Sends a valid, admitted message; must not block beyond a moment. A message that cannot be sent fails the stage,
     * too.
     *
     * @return completed, on any thread, once the other side has taken responsibility for it; failed once it is certain
     *     that it has not, or with {@link OutcomeUnknownException}. Cancelling it has no effect on the message.
     */
    CompletionStage<@Nullable Void> send(Message<EncodedPayload> message);
}
