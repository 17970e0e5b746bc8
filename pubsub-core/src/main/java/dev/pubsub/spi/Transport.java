package dev.pubsub.spi;

import dev.pubsub.SubscriptionSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages from publishers to subscriptions: within the process, or by way of a broker or a database. Sender
 * and receivers know nothing of each other. One transport belongs to one engine, which closes it.
 *
 * <p>The way of a message: the engine validates and admits it, and hands it to {@link #sender}. A {@link DirectSender}
 * gives it to the subscriptions of this process at once. A {@link RemoteSender} gives it away; it comes back, here or
 * elsewhere, by way of the {@link Receiver} of each subscription, into its {@link Inlet}.
 */
public interface Transport extends AutoCloseable {

    /** What {@code pubsub.transport} calls it; shown in logs and figures. */
    String name();

    /** What it can do; always the same. */
    Set<Capability> capabilities();

    /** Where messages leave; always the same one. */
    Sender sender();

    /**
     * Where the messages of a new subscription come in; {@link Receiver#NONE} where they come straight from the sender.
     * Called once for each, before its {@code subscribe} returns; must not block for long.
     *
     * @throws RuntimeException if this subscription cannot be served; the subscription is refused with it
     */
    Receiver receiver(SubscriptionSpec<?> spec, Inlet inlet);

    /** Keeps the dead letters of its subscriptions as durably as its messages; null: the engine's store does. */
    default @Nullable DeadLetterStore deadLetterStore() {
        return null;
    }

    /** Frees what it holds, once all receivers are closed and the engine takes no messages any more. Idempotent. */
    @Override
    void close();
}
