package dev.pubsub.engine;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Throws at every call. */
final class ThrowingListener implements MessageListener {

    @Override
    public void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
        throw new IllegalStateException("a broken listener");
    }

    @Override
    public void refused(Message<?> message, PubSubException refusal) {
        throw new LinkageError("a broken listener");
    }

    @Override
    public void attempted(
            Message<?> message,
            String subscriptionId,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable thrown) {
        throw new StackOverflowError("a broken listener");
    }

    @Override
    public void settled(
            Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {
        throw new IllegalArgumentException("a broken listener");
    }
}
