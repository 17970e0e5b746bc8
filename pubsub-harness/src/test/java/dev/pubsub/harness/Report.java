package dev.pubsub.harness;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a round did and found. */
record Report(
        long seed,
        List<Fault> faults,
        List<Event> events,
        List<Verdict> verdicts,
        Map<Repeats.Reason, Integer> repeats) {

    boolean isVoid() {
        return verdicts.stream().anyMatch(verdict -> verdict.kind() == Verdict.Kind.VOID);
    }

    private long messages(Event.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(Event::message)
                .distinct()
                .count();
    }

    private long partitions(Event.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).count();
    }

    Map<Verdict.Kind, Long> kinds() {
        return verdicts.stream().collect(Collectors.groupingBy(Verdict::kind, TreeMap::new, Collectors.counting()));
    }

    /** A row of the table in docs/kafka-faults.md. */
    String row() {
        String struck = faults.stream()
                .map(fault -> fault.kind() + " (" + fault.inFlight() + ")")
                .collect(Collectors.joining(", "));
        return "| " + seed + " | " + struck + " | " + messages(Event.Kind.OFFERED) + " | " + messages(Event.Kind.OK)
                + " | " + messages(Event.Kind.UNKNOWN) + " | " + messages(Event.Kind.RETURNED) + " | "
                + messages(Event.Kind.DEAD) + " | " + partitions(Event.Kind.RELEASED) + " / "
                + partitions(Event.Kind.LOST) + " | " + repeats(Repeats.Reason.BEHIND_A_GAP) + " / "
                + repeats(Repeats.Reason.BEFORE_THE_COMMIT) + " / " + repeats(Repeats.Reason.COMMIT_NOT_ACKNOWLEDGED)
                + " / " + repeats(Repeats.Reason.PAST_ITS_DEADLINE) + " | "
                + (verdicts.isEmpty() ? "green" : kinds()) + " |";
    }

    private int repeats(Repeats.Reason reason) {
        return repeats.getOrDefault(reason, 0);
    }
}
