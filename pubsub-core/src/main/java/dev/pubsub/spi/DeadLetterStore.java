package dev.pubsub.spi;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps dead letters, in the order of their ids. The engine calls it by one thread at a time: workers between two
 * handlers, timers, and callers of {@link dev.pubsub.DeadLetters} or of a publish that is shed, who may run a handler
 * and may be interrupted. So it must be quick: a store that does I/O hands it to a thread of its own. Whatever it
 * throws is logged and counted, and the dead letter in question is lost. One that hangs holds up whoever has a dead
 * letter to keep, to read or to replay; figures and health go on with the number that was known last.
 */
public interface DeadLetterStore {

    /** Keeps this one; one with the same id is replaced. */
    void put(DeadLetter letter);

    /** Takes it out; empty if there is none with that id. */
    Optional<DeadLetter> remove(String id);

    /** The one with that id. */
    Optional<DeadLetter> get(String id);

    /** Those that match, by id. */
    List<DeadLetter> find(DeadLetterQuery query);

    /** How many match; limit and offset have no effect. */
    long count(DeadLetterQuery query);

    /** How many there are. */
    int size();

    /**
     * Removes what is beyond the store's bounds, in number or in age, and answers it; those that failed first go first.
     */
    List<DeadLetter> evict(Instant now);
}
