package dev.pubsub.test;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what is published and what becomes of it, up to a bound. Guarded by itself.
 *
 * <p>A copy may be told as attempted before it is told as accepted, so a record is made by whichever comes first. The
 * same message may be published again: then events go to the first of its records that lacks them.
 */
final class Journal implements MessageListener {

    /** Messages, and copies, that are kept of one test. */
    static final int LIMIT = 100_000;

    private static final ThreadLocal<Boolean> PUBLISHING = new ThreadLocal<>();

    private final Shown shown;
    private final List<PublishedMessage> published = new ArrayList<>();
    private final List<Entry> copies = new ArrayList<>();
    private final Map<CopyKey, List<Entry>> byKey = new HashMap<>();
    private int open;
    private boolean overflown;

    Journal(Shown shown) {
        this.shown = shown;
    }

    private record CopyKey(String message, String subscription) {}

    private static final class Entry {
        private final String subscription;
        private final Message<?> message;
        private final List<ReceivedAttempt> attempts = new ArrayList<>();
        private boolean accepted;
        private boolean replay;
        private @Nullable Outcome outcome;
        private @Nullable Reason reason;

        private Entry(String subscription, Message<?> message) {
            this.subscription = subscription;
            this.message = message;
        }

        private boolean isSettled() {
            return outcome != null;
        }

        private ReceivedCopy copy(Shown shown) {
            return new ReceivedCopy(subscription, message, List.copyOf(attempts), outcome, reason, replay, shown);
        }
    }

    /** What is accepted within this call was published by it, and is no dead letter that is replayed. */
    <R> R whilePublishing(Supplier<R> call) {
        Boolean before = PUBLISHING.get();
        PUBLISHING.set(true);
        try {
            return call.get();
        } finally {
            if (before == null) {
                PUBLISHING.remove();
            }
        }
    }

    /** A stub has answered. */
    void stubbed(Message<?> message, @Nullable PubSubException refusal) {
        publish(new PublishedMessage(message, List.of(), List.of(), refusal, true, shown));
    }

    @Override
    public synchronized void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
        boolean replay = PUBLISHING.get() == null && isDeadLetter(message, subscriptions);
        if (!replay) {
            publish(new PublishedMessage(message, subscriptions, filtered, null, false, shown));
        }
        for (String subscription : subscriptions) {
            Entry entry = entry(message, subscription, known -> !known.accepted);
            if (entry != null) {
                entry.accepted = true;
                entry.replay = replay;
                closeIfComplete(entry);
            }
        }
    }

    private boolean isDeadLetter(Message<?> message, List<String> subscriptions) {
        if (subscriptions.size() != 1) {
            return false;
        }
        return byKey.getOrDefault(new CopyKey(message.id(), subscriptions.get(0)), List.of()).stream()
                .anyMatch(entry -> entry.accepted && entry.outcome == Outcome.DEAD_LETTERED);
    }

    @Override
    public void refused(Message<?> message, PubSubException refusal) {
        publish(new PublishedMessage(message, List.of(), List.of(), refusal, false, shown));
    }

    private synchronized void publish(PublishedMessage message) {
        if (published.size() < LIMIT) {
            published.add(message);
        } else {
            overflown = true;
        }
    }

    @Override
    public synchronized void attempted(
            Message<?> message,
            String subscription,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable thrown) {
        Entry entry = entry(message, subscription, known -> !known.isSettled());
        if (entry != null) {
            entry.attempts.add(new ReceivedAttempt(attempt, result, Duration.ofNanos(nanos), thrown));
        }
    }

    @Override
    public synchronized void settled(
            Message<?> message, String subscription, Outcome outcome, @Nullable Reason reason) {
        Entry entry = entry(message, subscription, known -> !known.isSettled());
        if (entry != null) {
            entry.outcome = outcome;
            entry.reason = reason;
            closeIfComplete(entry);
        }
    }

    private void closeIfComplete(Entry entry) {
        if (entry.accepted && entry.isSettled()) {
            open--;
        }
    }

    /** The first record of this copy that lacks something, or a new one; null beyond the bound. */
    private @Nullable Entry entry(Message<?> message, String subscription, Predicate<Entry> lacking) {
        List<Entry> known = byKey.computeIfAbsent(new CopyKey(message.id(), subscription), key -> new ArrayList<>(1));
        for (Entry entry : known) {
            if (lacking.test(entry)) {
                return entry;
            }
        }
        if (copies.size() >= LIMIT) {
            overflown = true;
            return null;
        }
        Entry entry = new Entry(subscription, message);
        known.add(entry);
        copies.add(entry);
        open++;
        return entry;
    }

    /** Copies of which not everything was told yet. */
    synchronized int open() {
        return open;
    }

    synchronized List<PublishedMessage> published() {
        requireComplete();
        return List.copyOf(published);
    }

    synchronized List<ReceivedCopy> received() {
        requireComplete();
        return copies.stream().map(entry -> entry.copy(shown)).toList();
    }

    /** The first copies of this subscription that are not settled. */
    synchronized List<ReceivedCopy> unsettled(String subscription, int atMost) {
        return copies.stream()
                .filter(entry -> entry.subscription.equals(subscription) && !entry.isSettled())
                .limit(atMost)
                .map(entry -> entry.copy(shown))
                .toList();
    }

    private void requireComplete() {
        if (overflown) {
            throw new IllegalStateException("More than " + LIMIT + " messages or copies in one test; the probe has not"
                    + " kept them all. Publish less, or call probe.reset() between");
        }
    }

    synchronized void clear() {
        published.clear();
        copies.clear();
        byKey.clear();
        open = 0;
        overflown = false;
    }
}
