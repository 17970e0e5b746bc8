package dev.pubsub;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages. Safe for use by any thread.
 *
 * <p>A publish is all or nothing: every matching subscription takes its copy, or none does and the caller gets an
 * exception. A message that no subscription matches is accepted, with {@code subscriptions} 0, and counted as unrouted.
 *
 * <p>With {@code overflow: block} a call waits up to the publisher's timeout, in all, for a slot and for room in the
 * matching subscriptions; with {@code fail} it never waits. From a handler's thread a call needs no slot; it waits for
 * room at most half of the handler's remaining time, and not at all for room in the handler's own subscription.
 *
 * <p>What the blocking methods throw: {@link InvalidMessageException} (the message breaks a rule or limit),
 * {@link ConcurrencyLimitException} (no slot, and no waiting), its subclass {@link QueueFullException} (no room, and no
 * waiting), {@link PublishTimeoutException} (waited in vain), {@link PublishCancelledException} (interrupted while
 * waiting; the flag is restored), {@link PubSubClosedException} (stopped or closed).
 */
public interface Publisher {

    /** Publishes a payload without key and headers; returns once the transport has taken responsibility. */
    PublishReceipt publish(String topic, Object payload);

    /** Publishes a payload with a key; returns once the transport has taken responsibility. */
    PublishReceipt publish(String topic, @Nullable String key, Object payload);

    /** Publishes a message; returns once the transport has taken responsibility. */
    PublishReceipt publish(Message<?> message);

    /**
     * Publishes without ever blocking or throwing: where no slot or no room is free at once, and for any other refusal,
     * the future fails. Completed on the engine's pool, never on a worker; in this process usually already complete.
     */
    CompletableFuture<PublishReceipt> publishAsync(Message<?> message);

    /**
     * Publishes in the given order, with one slot and one timeout for all. Each message is accepted or refused on its
     * own; the receipt names index and error.
     *
     * @throws InvalidMessageException if the collection is null or larger than {@code max-batch-size}
     * @throws PubSubException where no message was looked at: no slot, or closed
     */
    BatchReceipt publishAll(Collection<? extends Message<?>> messages);

    /**
     * Publishes as {@link #publish(Message)} does (it may wait) and reports when every copy taken in this process is
     * settled. A refusal fails the future. Cancelling the future discards every copy that is not active; an active one
     * sees {@link Delivery#isCancelled}, its outcome stands, but a failure is discarded instead of retried. Completed
     * on the engine's pool, never on a worker.
     */
    CompletableFuture<DeliveryReport> deliver(Message<?> message);
}
