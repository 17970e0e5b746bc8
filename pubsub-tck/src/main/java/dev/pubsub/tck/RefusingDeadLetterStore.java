package dev.pubsub.tck;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.spi.DeadLetterStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that can keep nothing, as one on a disk that is full. */
final class RefusingDeadLetterStore implements DeadLetterStore {

    private final AtomicInteger refused = new AtomicInteger();

    /** How often it was asked in vain. */
    int refused() {
        return refused.get();
    }

    @Override
    public void put(DeadLetter letter) {
        refused.incrementAndGet();
        throw new IllegalStateException("There is no room for dead letters");
    }

    @Override
    public Optional<DeadLetter> remove(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<DeadLetter> get(String id) {
        return Optional.empty();
    }

    @Override
    public List<DeadLetter> find(DeadLetterQuery query) {
        return List.of();
    }

    @Override
    public long count(DeadLetterQuery query) {
        return 0;
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public List<DeadLetter> evict(Instant now) {
        return List.of();
    }
}
