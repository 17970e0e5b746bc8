package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSubException;
import dev.pubsub.journey.Journey.EndedAttempt;
import dev.pubsub.journey.Journey.Refusal;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The latest messages, and what became of each: a ring of so many, found by id. Of messages that come in a flood only
 * the first of each millisecond are followed, so that a flood costs no more than a look at a number.
 *
 * <p>Concurrency: {@code ring} holds what is kept, {@code byId} finds it; whoever puts a trail into the map then puts
 * it into the ring, and takes out of the map what it found there. So the map holds no more than the ring, and what is
 * on its way into it. Safe for use by any thread; blocks nobody but those who tell of the same message at once.
 */
public final class Journeys implements MessageListener {

    /** The most messages that may be kept. */
    public static final int MAX_CAPACITY = 1_000_000;

    /** For following every message, however many come. */
    public static final int ALL = 1 << 20;

    private final TimeSource time;
    private final int perMillisecond;
    private final AtomicReferenceArray<Trail> ring;
    private final AtomicLong entries = new AtomicLong();
    private final Map<String, Trail> byId = new ConcurrentHashMap<>();

    /**
     * None yet.
     *
     * @param capacity how many messages are kept, 1 to {@link #MAX_CAPACITY}; one takes about 500 bytes, with a single
     *     subscription
     * @param perMillisecond how many of those that come into being within one millisecond are followed, 1 to
     *     {@link #ALL}
     * @throws IllegalArgumentException if one of them is out of range
     */
    public Journeys(int capacity, int perMillisecond, TimeSource time) {
        this.ring = new AtomicReferenceArray<>(range("journey.capacity", capacity, MAX_CAPACITY));
        this.perMillisecond = range("journey.per-millisecond", perMillisecond, ALL);
        this.time = time;
    }

    private static int range(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from 1 to " + max);
        }
        return value;
    }

    /** How many messages are kept. */
    public int capacity() {
        return ring.length();
    }

    /** How many of one millisecond are followed. */
    public int perMillisecond() {
        return perMillisecond;
    }

    /** The journey of the message with this id; empty where none is known. */
    public Optional<Journey> find(String messageId) {
        return Optional.ofNullable(byId.get(messageId)).map(Trail::journey);
    }

    /** The latest journeys, at most so many, those of which something was heard first last. */
    public List<Journey> latest(int limit) {
        List<Journey> latest = new ArrayList<>(Math.min(limit, byId.size()));
        long end = entries.get();
        long start = Math.max(0, end - ring.length());
        for (long entry = end - 1; entry >= start && latest.size() < limit; entry--) {
            Trail trail = ring.get((int) (entry % ring.length()));
            if (trail != null) {
                latest.add(trail.journey());
            }
        }
        return latest;
    }

    /** How many can be found by id. */
    int known() {
        return byId.size();
    }

    @Override
    public boolean follows(Message<?> message) {
        return message.numberInMillisecond() < perMillisecond;
    }

    @Override
    public void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
        trail(message).accepted(subscriptions, filtered, time.currentTimeMillis());
    }

    @Override
    public void refused(Message<?> message, PubSubException refusal) {
        trail(message).refused(new Refusal(now(), refusal.getClass().getName()));
    }

    @Override
    public void attempted(
            Message<?> message,
            String subscriptionId,
            int attempt,
            AttemptResult result,
            long nanos,
            @Nullable Throwable thrown) {
        String exceptionType = thrown == null ? null : thrown.getClass().getName();
        EndedAttempt ended = new EndedAttempt(attempt, result, now(), Duration.ofNanos(nanos), exceptionType);
        trail(message).attempted(subscriptionId, ended);
    }

    @Override
    public void settled(
            Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {
        trail(message).settled(subscriptionId, outcome, reason, time.currentTimeMillis());
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.currentTimeMillis());
    }

    /** Whatever is heard of a message that is not known begins a trail: a handler may be quicker than its publisher. */
    private Trail trail(Message<?> message) {
        Trail known = byId.get(message.id());
        return known != null ? known : begin(message);
    }

    private Trail begin(Message<?> message) {
        Trail trail = new Trail(message);
        Trail other = byId.putIfAbsent(trail.id(), trail);
        if (other != null) {
            return other;
        }
        int place = (int) (entries.getAndIncrement() % ring.length());
        Trail oldest = ring.getAndSet(place, trail);
        if (oldest != null) {
            byId.remove(oldest.id(), oldest);
        }
        return trail;
    }
}
