package dev.pubsub;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What could not be handled. Oldest first, everywhere. Safe for use by any thread; must not be called while holding a
 * lock that a handler needs.
 */
public interface DeadLetters {

    /** Those that match, oldest first. */
    List<DeadLetter> find(DeadLetterQuery query);

    /** How many match; limit and offset have no effect. */
    long count(DeadLetterQuery query);

    /** Those that match, by fingerprint, the largest group first; limit and offset have no effect. */
    List<Group> groups(DeadLetterQuery query);

    /** The one with that id. */
    Optional<DeadLetter> get(String id);

    /**
     * Gives it to its subscription again, and to no other, with its attempts at 0. Taking it out and accepting it is
     * one step. If it dies again it is the same dead letter, with one more replay.
     *
     * @return false if there is no such dead letter
     * @throws QueueFullException if its subscription has no room: it stays
     * @throws PubSubClosedException if the engine is stopped or closed: it stays
     * @throws IllegalStateException if its subscription is gone, stopped or quarantined, or (sequenced) an older one of
     *     its key must go first: it stays
     */
    boolean replay(String id);

    /**
     * Replays those that match now, oldest first, in the background. One without room is tried again until there is.
     *
     * @param rate messages a second, above 0; {@link Double#POSITIVE_INFINITY}: as fast as there is room
     * @throws IllegalArgumentException if {@code rate} is not above 0
     * @throws PubSubClosedException if the engine is stopped or closed
     */
    Replay replayAll(DeadLetterQuery query, double rate);

    /**
     * Drops it, for good.
     *
     * @return false if there is no such dead letter
     */
    boolean discard(String id);

    /**
     * Drops those that match, for good.
     *
     * @return how many
     */
    int discardAll(DeadLetterQuery query);

    /** How many there are. */
    int size();

    /** The latest replays of many, the newest first; a bounded number is remembered. */
    List<Replay> replays();

    /** A replay of many. Safe for use by any thread. */
    interface Replay {

        /** What a replay of many is at. */
        enum State {
            /** Going on. */
            RUNNING,
            /** All that matched were replayed, refused or gone. */
            DONE,
            /** Ended by {@link Replay#stop} or by the engine's end. */
            STOPPED
        }

        /** Its id. */
        String id();

        /** What it is at. */
        State state();

        /** How many matched when it began. */
        int matched();

        /** How many were accepted again. */
        int replayed();

        /** How many were refused and stay. */
        int refused();

        /** Ends it after the message under way. Idempotent. */
        void stop();
    }

    /**
     * Dead letters with the same fingerprint; fingerprint and type are null for those without an exception.
     *
     * @param fingerprint of each of them
     * @param exceptionType the class that each of them failed with
     * @param count how many
     * @param first when the earliest failed
     * @param last when the latest failed
     * @param subscriptions whose they are, sorted
     * @param reasons why they are here, in the order of {@link DeadLetter.Reason}
     */
    record Group(
            @Nullable String fingerprint,
            @Nullable String exceptionType,
            long count,
            Instant first,
            Instant last,
            List<String> subscriptions,
            List<DeadLetter.Reason> reasons) {

        /** Copies the lists. */
        public Group {
            subscriptions = List.copyOf(subscriptions);
            reasons = List.copyOf(reasons);
        }
    }
}
