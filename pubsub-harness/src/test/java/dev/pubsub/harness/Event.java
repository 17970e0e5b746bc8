package dev.pubsub.harness;

import java.util.Optional;

/**
 * A line of a history. {@code nanos} is {@link System#nanoTime}, which on Linux is CLOCK_MONOTONIC: one clock for all
 * processes of a machine. {@code producer} and {@code number} say where in the producer's order of its key a message
 * is.
 */
record Event(long nanos, String process, Kind kind, String producer, long number, String key, int attempt) {

    enum Kind {
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
        DEAD
    }

    String message() {
        return producer + "-" + number;
    }

    String line() {
        return String.join(
                " ",
                Long.toString(nanos),
                process,
                kind.name(),
                producer,
                Long.toString(number),
                key,
                Integer.toString(attempt));
    }

    /** Nothing for a line that a kill has cut short. */
    static Optional<Event> of(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 8 || !parts[7].equals(".")) {
            return Optional.empty();
        }
        return Optional.of(new Event(
                Long.parseLong(parts[0]),
                parts[1],
                Kind.valueOf(parts[2]),
                parts[3],
                Long.parseLong(parts[4]),
                parts[5],
                Integer.parseInt(parts[6])));
    }
}
