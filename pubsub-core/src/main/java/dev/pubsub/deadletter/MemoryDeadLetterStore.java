package dev.pubsub.deadletter;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.spi.DeadLetterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bounded store in memory. {@code byId} is the order of reading, {@code byFailure} the order of leaving: one that was
 * replayed and failed again keeps its id, but is not the next to be evicted. Not safe for use by several threads at
 * once.
 */
public class MemoryDeadLetterStore implements DeadLetterStore {

    private final int capacity;
    private final Duration retention;
    private final TreeMap<String, DeadLetter> byId = new TreeMap<>();
    private final Map<String, DeadLetter> byFailure = new LinkedHashMap<>();

    /**
     * A store.
     *
     * @param capacity how many are kept, 1 to 10,000,000
     * @param retention how long one is kept after its latest failure, by the wall clock
     */
    public MemoryDeadLetterStore(int capacity, Duration retention) {
        if (capacity < 1 || capacity > 10_000_000) {
            throw new IllegalArgumentException(
                    "dead-letter-store.capacity is " + capacity + "; it must be from 1 to 10000000");
        }
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("dead-letter-store.retention is " + retention + "; it must be above 0");
        }
        this.capacity = capacity;
        this.retention = retention;
    }

    @Override
    public void put(DeadLetter letter) {
        byFailure.remove(letter.id());
        byId.put(letter.id(), letter);
        byFailure.put(letter.id(), letter);
    }

    @Override
    public Optional<DeadLetter> remove(String id) {
        byFailure.remove(id);
        return Optional.ofNullable(byId.remove(id));
    }

    @Override
    public Optional<DeadLetter> get(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public List<DeadLetter> find(DeadLetterQuery query) {
        return byId.values().stream()
                .filter(query::matches)
                .skip(query.offset())
                .limit(query.limit())
                .toList();
    }

    @Override
    public long count(DeadLetterQuery query) {
        return query.hasFilter() ? byId.values().stream().filter(query::matches).count() : byId.size();
    }

    @Override
    public int size() {
        return byId.size();
    }

    @Override
    public List<DeadLetter> evict(Instant now) {
        Instant oldest = now.minus(retention);
        List<DeadLetter> evicted = new ArrayList<>();
        for (Iterator<DeadLetter> all = byFailure.values().iterator(); all.hasNext(); ) {
            DeadLetter first = all.next();
            if (byId.size() <= capacity && !first.failedAt().isBefore(oldest)) {
                break;
            }
            all.remove();
            byId.remove(first.id());
            evicted.add(first);
        }
        return evicted;
    }
}
