package dev.pubsub.engine;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.SafeText;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several listeners as one; each is called in a try of its own, for the messages that it follows, and what it throws is
 * logged. Those who tell it ask {@link #follows} first, where telling costs something. Immutable; safe for use by any
 * thread.
 */
final class GuardedListeners implements MessageListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListeners.class);

    private final MessageListener[] listeners;

    private GuardedListeners(List<MessageListener> listeners) {
        this.listeners = listeners.toArray(new MessageListener[0]);
    }

    /** These; null for none, so that nobody need be asked. */
    static @Nullable MessageListener of(List<MessageListener> listeners) {
        return listeners.isEmpty() ? null : new GuardedListeners(listeners);
    }

    @Override
    public boolean follows(Message<?> message) {
        for (MessageListener listener : listeners) {
            if (follows(listener, message)) {
                return true;
            }
        }
        return false;
    }

    private static boolean follows(MessageListener listener, Message<?> message) {
        try {
            return listener.follows(message);
        } catch (Throwable thrown) {
            logFailure(listener, thrown);
            return false;
        }
    }

    @Override
    public void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
        tell(message, listener -> listener.accepted(message, subscriptions, filtered));
    }

    @Override
    public void refused(Message<?> message, PubSubException refusal) {
        tell(message, listener -> listener.refused(message, refusal));
    }

    @Override
    public void attempted(
            Message<?> message,
            String subscriptionId,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable thrown) {
        tell(message, listener -> listener.attempted(message, subscriptionId, attempt, result, nanos, thrown));
    }

    @Override
    public void settled(
            Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {
        tell(message, listener -> listener.settled(message, subscriptionId, outcome, reason));
    }

    private void tell(Message<?> message, Consumer<MessageListener> call) {
        for (MessageListener listener : listeners) {
            if (follows(listener, message)) {
                try {
                    call.accept(listener);
                } catch (Throwable thrown) { // foreign code: what it throws is no affair of the message
                    logFailure(listener, thrown);
                }
            }
        }
    }

    private static void logFailure(MessageListener listener, Throwable thrown) {
        log.error("A message listener failed ({}): {}", listener.getClass().getName(), SafeText.of(thrown));
    }
}
