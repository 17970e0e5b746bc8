package dev.pubsub.harness;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of a history. {@code nanos} is {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC: one clock for all
 * processes of a machine. {@code work} is null, {@code partition} and {@code offset} are -1, where the kind has none.
 */
record Event(
        long nanos, String process, Kind kind, @Nullable Work work, int attempt, int partition, long offset) {

    enum Kind {
        // of the application
        /** About to be published. */
        OFFERED,
        /** The receipt is there. */
        OK,
        /** The publish failed with its outcome unknown, or was refused: it may be there or not. */
        UNKNOWN,
        BEGIN,
        /** The handler returned. */
        RETURNED,
        /** The handler threw. */
        THREW,
        /** The engine has settled it. */
        SETTLED,
        /** The engine has settled it as a dead letter, after its topic has taken it. */
        DEAD,

        // of the consumer
        /** The partition is this process's from now. */
        ASSIGNED,
        /** The partition is to be given up: the callback begins. */
        REVOKED,
        /** The partition was given up: the callback has returned. */
        RELEASED,
        /** The group took this process for dead, and has given the partition away before. */
        LOST,
        /** A poll has returned this record. */
        RECEIVED,
        /** A commit was sent. */
        COMMITTING,
        /** A commit was acknowledged. */
        COMMITTED,
        /** A commit failed, or its answer did not come. */
        NOT_COMMITTED
    }

    String message() {
        return required().message();
    }

    String key() {
        return required().key();
    }

    boolean isMeantToDie() {
        return HarnessApplication.Task.valueOf(required().task()).isMeantToDie();
    }

    private Work required() {
        if (work == null) {
            throw new IllegalStateException(kind + " has no message");
        }
        return work;
    }

    String line() {
        return nanos + " " + process + " " + kind + " " + attempt + " " + partition + " " + offset + " "
                + (work == null ? "- - - -" : work.payload()) + " .";
    }

    /** Nothing for a line that a kill has cut short. */
    static Optional<Event> of(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 11 || !parts[10].equals(".")) {
            return Optional.empty();
        }
        return Optional.of(new Event(
                Long.parseLong(parts[0]),
                parts[1],
                Kind.valueOf(parts[2]),
                parts[6].equals("-") ? null : new Work(parts[6], Long.parseLong(parts[7]), parts[8], parts[9]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]),
                Long.parseLong(parts[5])));
    }
}
