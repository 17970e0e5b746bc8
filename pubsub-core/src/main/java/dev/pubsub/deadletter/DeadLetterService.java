package dev.pubsub.deadletter;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters;
import dev.pubsub.Message;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dead letters of an engine: bounds, fingerprints, sequences and replays on top of a store.
 *
 * <p>Concurrency: everything is guarded by {@code lock}. A replay takes the letter out and lets its subscription accept
 * it under that lock, so that it happens once; the copy may fail again at any moment after, and waits at {@link #bury}
 * then. Lock order: this one, then a subscription's. Subscriptions never call in here while they hold theirs.
 */
public final class DeadLetterService implements DeadLetters {

    /** A copy that is finally failed. {@code sequenceKey} is null unless its subscription is sequenced. */
    public record Burial(
            String subscriptionId,
            Message<?> message,
            Reason reason,
            int attempts,
            @Nullable Throwable cause,
            @Nullable DeadLetter replayOf,
            @Nullable Object sequenceKey,
            long acceptedNanos) {}

    private static final Logger log = LoggerFactory.getLogger(DeadLetterService.class);

    private final DeadLetterStore store;
    private final EngineTime time;
    private final Function<String, @Nullable ReplayTarget> targets;
    private final BooleanSupplier accepting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Sequences sequences = new Sequences();
    private final FailureTrace traces = new FailureTrace();
    private final BulkReplays bulkReplays;
    private final String idPrefix;
    private long lastId;

    /**
     * Dead letters in this store.
     *
     * @param targets the live subscriptions by id; null for others
     * @param accepting whether the engine accepts messages, from the calling thread, now
     * @param tracer takes what a caller's thread holds to where its replays are made; null for nowhere
     */
    public DeadLetterService(
            DeadLetterStore store,
            EngineTime time,
            Scheduler scheduler,
            Function<String, @Nullable ReplayTarget> targets,
            BooleanSupplier accepting,
            @Nullable MessageTracer tracer) {
        this.store = store;
        this.time = time;
        this.targets = targets;
        this.accepting = accepting;
        this.bulkReplays = new BulkReplays(this, time, scheduler, tracer);
        this.idPrefix = String.format("dl-%011x%04x-", time.millis(), new SplittableRandom().nextInt(1 << 16));
    }

    // ---- from the subscriptions

    /**
     * Keeps a copy; one that was replayed keeps its id and place, with one more replay. Throws what the store throws.
     *
     * @return what was kept
     */
    public DeadLetter bury(Burial burial) {
        DeadLetter letter = locked(() -> {
            DeadLetter origin = burial.replayOf();
            return origin == null
                    ? letter(burial, idPrefix + String.format("%012x", ++lastId), 0)
                    : letter(burial, origin.id(), origin.replays() + 1);
        });
        store.persist(letter); // may take its time, and holds up nobody else
        return locked(() -> {
            store.put(letter);
            if (burial.sequenceKey() != null) {
                sequences.added(burial.subscriptionId(), burial.sequenceKey(), letter.id(), burial.acceptedNanos());
            } else {
                sequences.replayEnded(letter.id()); // its subscription came back, and is not sequenced any more
            }
            evict();
            return letter;
        });
    }

    private DeadLetter letter(Burial burial, String id, int replays) {
        DeadLetter.Builder letter = DeadLetter.builder(burial.subscriptionId(), burial.message(), burial.reason())
                .id(id)
                .attempts(burial.attempts())
                .failedAt(time.instant())
                .replays(replays);
        Throwable cause = burial.cause();
        if (cause != null) {
            letter.exception(
                    cause.getClass().getName(),
                    FailureTrace.message(cause),
                    traces.render(cause),
                    FailureTrace.fingerprint(cause));
        }
        return letter.build();
    }

    /** Whether new copies of this key must join older dead letters. */
    public boolean isBlocked(String subscriptionId, Object key, long acceptedNanos) {
        return locked(() -> sequences.isBlocked(subscriptionId, key, acceptedNanos));
    }

    /** A replayed copy was settled, and not as a dead letter. */
    public void replayEnded(DeadLetter letter) {
        locked(() -> {
            sequences.replayEnded(letter.id());
            return null;
        });
    }

    /** The engine is closed: replays of many end, and what is only in memory is lost, but not in silence. */
    public void close() {
        bulkReplays.close();
        if (store instanceof MemoryDeadLetterStore && size() > 0) {
            log.warn("{} dead letters were in memory only, and are gone with the engine", size());
        }
    }

    // ---- for the users

    @Override
    public List<DeadLetter> find(DeadLetterQuery query) {
        return locked(() -> {
            evict();
            return List.copyOf(store.find(query));
        });
    }

    @Override
    public long count(DeadLetterQuery query) {
        return locked(() -> {
            evict();
            return store.count(query);
        });
    }

    @Override
    public List<Group> groups(DeadLetterQuery query) {
        Map<String, List<DeadLetter>> byFingerprint = new LinkedHashMap<>();
        for (DeadLetter letter : find(withoutPage(query))) {
            String fingerprint = letter.fingerprint();
            byFingerprint
                    .computeIfAbsent(fingerprint == null ? "" : fingerprint, key -> new ArrayList<>())
                    .add(letter);
        }
        return byFingerprint.values().stream()
                .map(DeadLetterService::group)
                .sorted(Comparator.comparingLong(Group::count).reversed())
                .toList();
    }

    private static Group group(List<DeadLetter> letters) {
        Instant first = letters.get(0).failedAt();
        Instant last = first;
        for (DeadLetter letter : letters) {
            first = letter.failedAt().isBefore(first) ? letter.failedAt() : first;
            last = letter.failedAt().isAfter(last) ? letter.failedAt() : last;
        }
        DeadLetter one = letters.get(0);
        return new Group(
                one.fingerprint(),
                one.exceptionType(),
                letters.size(),
                first,
                last,
                letters.stream()
                        .map(DeadLetter::subscriptionId)
                        .distinct()
                        .sorted()
                        .toList(),
                letters.stream().map(DeadLetter::reason).distinct().sorted().toList());
    }

    @Override
    public Optional<DeadLetter> get(String id) {
        Objects.requireNonNull(id, "id");
        return locked(() -> {
            evict();
            return store.get(id);
        });
    }

    @Override
    public boolean replay(String id) {
        Objects.requireNonNull(id, "id");
        requireAccepting();
        Replayed replayed = locked(() -> takeOutAndAccept(id));
        if (replayed == null) {
            return false;
        }
        replayed.by().accepted(replayed.letter());
        return true;
    }

    private record Replayed(DeadLetter letter, ReplayTarget by) {}

    /** Null where there is no such letter. */
    private @Nullable Replayed takeOutAndAccept(String id) {
        evict();
        DeadLetter letter = store.get(id).orElse(null);
        if (letter == null) {
            return null;
        }
        ReplayTarget target = targets.apply(letter.subscriptionId());
        if (target == null) {
            throw new IllegalStateException("Dead letter " + id + " cannot be replayed: its subscription '"
                    + letter.subscriptionId() + "' does not exist any more; subscribe again, or discard it");
        }
        requireHead(id);
        target.accept(letter); // throws without room: nothing has changed
        store.remove(id);
        sequences.replayBegan(id);
        target.countReplayed(1);
        return new Replayed(letter, target);
    }

    private void requireAccepting() {
        if (!accepting.getAsBoolean()) {
            throw new PubSubClosedException("The engine is stopped or closed; nothing can be replayed");
        }
    }

    private void requireHead(String letter) {
        String older = sequences.olderThan(letter);
        if (older != null) {
            throw new SequenceBlockedException(
                    "Dead letter " + letter + " cannot be replayed before the older one of its" + " sequence, " + older
                            + "; replay or discard that first");
        }
        if (sequences.isReplaying(letter)) {
            throw new SequenceBlockedException("Dead letter " + letter
                    + " cannot be replayed while an older one of its sequence is; try again when that is settled");
        }
    }

    @Override
    public Replay replayAll(DeadLetterQuery query, double rate) {
        requireAccepting();
        return bulkReplays.start(find(query), rate);
    }

    @Override
    public List<Replay> replays() {
        return bulkReplays.latest();
    }

    @Override
    public boolean discard(String id) {
        Objects.requireNonNull(id, "id");
        return locked(() -> {
            Optional<DeadLetter> letter = store.remove(id);
            letter.ifPresent(removed -> {
                sequences.removed(id);
                ReplayTarget target = targets.apply(removed.subscriptionId());
                if (target != null) {
                    target.countDiscarded(1);
                }
            });
            return letter.isPresent();
        });
    }

    @Override
    public int discardAll(DeadLetterQuery query) {
        int discarded = 0;
        for (DeadLetter letter : find(query)) {
            discarded += discard(letter.id()) ? 1 : 0;
        }
        return discarded;
    }

    @Override
    public int size() {
        return locked(() -> {
            evict();
            return store.size();
        });
    }

    // ---- bounds

    /** That the store fails to drop some must not pass for the loss of another, nor hide the rest. */
    private void evict() {
        try {
            evictAll();
        } catch (RuntimeException storeFailure) {
            log.error("The dead-letter store could not evict: {}", SafeText.of(storeFailure));
        }
    }

    private void evictAll() {
        for (DeadLetter letter : store.evict(time.instant())) {
            int count = 1 + removeChain(letter.id());
            ReplayTarget target = targets.apply(letter.subscriptionId());
            if (target != null) {
                target.countEvicted(count);
            }
        }
    }

    /** What came behind an evicted letter would be out of order without it. Answers how many that were. */
    private int removeChain(String evicted) {
        int removed = 0;
        for (String id : sequences.chainOf(evicted)) {
            sequences.removed(id);
            removed += store.remove(id).isPresent() ? 1 : 0;
        }
        return removed;
    }

    private static DeadLetterQuery withoutPage(DeadLetterQuery query) {
        return DeadLetterQuery.builder()
                .subscription(query.subscription())
                .reason(query.reason())
                .fingerprint(query.fingerprint())
                .build();
    }

    private <R extends @Nullable Object> R locked(Supplier<R> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }
}
