package dev.pubsub.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A partition in the hands of one process, from its assignment until it was given up, or lost, or ended with it. */
final class Tenure {

    /** How it ended. */
    enum End {
        /** Its callback returned. */
        RELEASED,
        /** The group took the process for dead; it heard of that later. */
        LOST,
        /** With its process. */
        DIED,
        /** Not before the end of the round. */
        OPEN
    }

    private final String process;
    private final long from;
    private final NavigableMap<Long, String> received = new TreeMap<>();
    private final List<Event> commits = new ArrayList<>();
    private long revoked = Long.MAX_VALUE;
    private long until = Long.MAX_VALUE;
    private End end = End.OPEN;

    Tenure(String process, long from) {
        this.process = process;
        this.from = from;
    }

    void add(Event event) {
        switch (event.kind()) {
            case REVOKED -> revoked = event.nanos();
            case RECEIVED -> received.putIfAbsent(event.offset(), event.message());
            default -> commits.add(event);
        }
    }

    void end(End how, long when) {
        end = how;
        until = when;
        revoked = Math.min(revoked, when);
    }

    String process() {
        return process;
    }

    long from() {
        return from;
    }

    /** When its end was announced; {@link Long#MAX_VALUE} if never, as {@link #until} then. */
    long revoked() {
        return revoked;
    }

    long until() {
        return until;
    }

    End end() {
        return end;
    }

    /** Messages by their offsets. */
    NavigableMap<Long, String> received() {
        return received;
    }

    long offsetOf(String message) {
        return received.entrySet().stream()
                .filter(entry -> entry.getValue().equals(message))
                .mapToLong(java.util.Map.Entry::getKey)
                .findFirst()
                .orElse(-1);
    }

    /** Whether a commit beyond this offset was sent, or (COMMITTED) acknowledged, before that time. */
    boolean hasCommit(Event.Kind kind, long offset, long before) {
        return commits.stream()
                .anyMatch(event -> event.kind() == kind && event.offset() > offset && event.nanos() < before);
    }

    /**
     * Whether the group gave the partition to this other one while the process of this one still took it for its own,
     * or was about to give it up: in order, it gets no new owner before the callback has returned.
     */
    boolean wasDeposedBy(Tenure other) {
        return end != End.OPEN && other.from >= from && other.from < until;
    }
}
