package dev.pubsub.spi;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps dead letters, in the order of their ids. But for {@link #persist}, the engine calls it by one thread at a time:
 * workers between two handlers, timers, and callers of {@link dev.pubsub.DeadLetters} or of a publish that is shed, who
 * may run a handler and may be interrupted. So it must be quick. Whatever it throws is logged and counted, and the dead
 * letter in question is lost, or, where a transport has its message still, tried again. One that hangs holds up whoever
 * has a dead letter to keep, to read or to replay; figures and health go on with the number that was known last.
 */
public interface DeadLetterStore {

    /**
     * What has to be done for a dead letter before {@link #put}, and takes time: to write it to a disk or a broker. Is
     * called by many threads at once, and may block for some seconds: only the message's own worker waits. Default:
     * nothing.
     */
    default void persist(DeadLetter letter) {}

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
