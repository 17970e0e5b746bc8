package dev.pubsub.spi;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of each message, and of each of its copies. Every method does nothing by default.
 *
 * <p>Called on the engine's threads, and on those that publish: by many at once, so an implementation must be safe for
 * that; never under a lock of the engine. It must not block and must not publish: the message, the subscription and the
 * caller wait meanwhile. Whatever it throws is logged and has no other effect.
 *
 * <p>Of one copy, attempts are told in their order, and {@link #settled} last and once; {@link #accepted} is told by
 * the thread that published, which may be later than a fast handler's attempt. A dead letter that is replayed is
 * accepted again, as one copy, with its attempts counted from 1.
 *
 * <p>A message carries payload, key and headers, and exceptions carry messages: what is shown or kept of them is the
 * listener's affair.
 */
public interface MessageListener {

    /**
     * Whether it wants to hear of this message, in all of the calls below. Asked on the way of every message, and maybe
     * again later, so it must be quick and always answer the same for one message. What it throws means no.
     */
    default boolean follows(Message<?> message) {
        return true;
    }

    /**
     * A message was accepted; one whose transaction is still open is not, yet.
     *
     * @param subscriptions the ids of those that took a copy, the ones that shed it at once included; unmodifiable,
     *     empty if no subscription matches
     * @param filtered the ids of those that match its topic and whose condition refused it; unmodifiable
     */
    default void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {}

    /**
     * A message was refused: its publisher got this exception. No subscription took a copy; where it was refused only
     * after its transaction had committed, the copies that become dead letters instead are told by {@link #accepted}
     * and {@link #settled}, after this. Not called where there is no message, such as for a null or for a topic that is
     * none, given to {@code publish(topic, payload)}.
     */
    default void refused(Message<?> message, PubSubException refusal) {}

    /**
     * An attempt has ended: the handler returned, threw, or was cut off. What a handler does after it was cut off, at
     * its deadline or by a shutdown, is not told.
     *
     * @param attempt from 1; the same number again after an attempt that was not spent, such as a cancelled one or a
     *     failed probe of a half-open breaker
     * @param nanos how long it took
     * @param thrown what the handler threw, or the {@code HandlerTimeoutException} of a deadline; null where it
     *     returned, or a shutdown took the attempt away
     */
    default void attempted(
            Message<?> message,
            String subscriptionId,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable thrown) {}

    /**
     * A copy was settled. Told once its subscription has counted it, and before whoever waits for it, such as the
     * caller of {@code deliver}.
     *
     * @param reason why it failed finally; given for every dead letter, and for a copy that was discarded because its
     *     subscription keeps no dead letters, the store failed, or there was no room; null for others
     */
    default void settled(
            Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {}
}
