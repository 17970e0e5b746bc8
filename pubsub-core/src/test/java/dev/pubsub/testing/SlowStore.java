package dev.pubsub.testing;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.spi.DeadLetterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A store that does something before it keeps a dead letter. */
public final class SlowStore implements DeadLetterStore {

    /** What it does. */
    @FunctionalInterface
    public interface Action {

        /** Does it. */
        void run() throws Exception;
    }

    private final DeadLetterStore store = new MemoryDeadLetterStore(1_000, Duration.ofDays(1));
    private final Action before;

    /** A store in memory that first does this. */
    public SlowStore(Action before) {
        this.before = before;
    }

    @Override
    public void put(DeadLetter letter) {
        try {
            before.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        store.put(letter);
    }

    @Override
    public Optional<DeadLetter> remove(String id) {
        return store.remove(id);
    }

    @Override
    public Optional<DeadLetter> get(String id) {
        return store.get(id);
    }

    @Override
    public List<DeadLetter> find(DeadLetterQuery query) {
        return store.find(query);
    }

    @Override
    public long count(DeadLetterQuery query) {
        return store.count(query);
    }

    @Override
    public int size() {
        return store.size();
    }

    @Override
    public List<DeadLetter> evict(Instant now) {
        return store.evict(now);
    }
}
