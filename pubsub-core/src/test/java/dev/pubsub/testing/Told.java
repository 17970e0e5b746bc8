package dev.pubsub.testing;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A listener that writes down what it is told, one line each, in the order of its hearing; acceptances and refusals,
 * which a publisher may tell of later than a handler of its attempt, come before all others.
 */
public class Told implements MessageListener {

    private final List<String> publishes = new CopyOnWriteArrayList<>();
    private final List<String> copies = new CopyOnWriteArrayList<>();
    private final List<@Nullable Throwable> thrown = new CopyOnWriteArrayList<>();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final LongAdder settled = new LongAdder();

    @Override
    public void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
        publishes.add(
                message.payload() + " accepted by " + subscriptions + (filtered.isEmpty() ? "" : " not " + filtered));
    }

    @Override
    public void refused(Message<?> message, PubSubException refusal) {
        publishes.add(message.payload() + " refused: " + refusal.getClass().getSimpleName());
    }

    @Override
    public void attempted(
            Message<?> message,
            String subscriptionId,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable cause) {
        copies.add(message.payload() + " " + subscriptionId + " attempt " + attempt + " " + result
                + (cause == null ? "" : " " + cause.getClass().getSimpleName()));
        times.add(nanos);
        if (cause != null) {
            thrown.add(cause);
        }
    }

    @Override
    public void settled(
            Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {
        copies.add(message.payload() + " " + subscriptionId + " " + outcome + (reason == null ? "" : " " + reason));
        settled.increment();
    }

    /** All lines so far. */
    public List<String> lines() {
        return Stream.concat(publishes.stream(), copies.stream()).toList();
    }

    /** The lines about this payload. */
    public List<String> of(Object payload) {
        return lines().stream().filter(line -> line.startsWith(payload + " ")).toList();
    }

    /** Forgets all lines. */
    public void clear() {
        publishes.clear();
        copies.clear();
    }

    /** What attempts threw. */
    public List<@Nullable Throwable> thrown() {
        return thrown;
    }

    /** How long attempts took, in nanoseconds. */
    public List<Long> times() {
        return times;
    }

    /** How many copies it was told of as settled. */
    public long settled() {
        return settled.sum();
    }
}
