package dev.pubsub.harness;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a round did and found. */
record Report(long seed, List<Fault> faults, List<Event> events, List<Verdict> verdicts, int duplicates) {

    boolean isVoid() {
        return verdicts.stream().anyMatch(verdict -> verdict.kind() == Verdict.Kind.VOID);
    }

    private long count(Event.Kind kind) {
        return events.stream()
                .filter(event -> event.kind() == kind)
                .map(Event::message)
                .distinct()
                .count();
    }

    Map<Verdict.Kind, Long> kinds() {
        return verdicts.stream().collect(Collectors.groupingBy(Verdict::kind, TreeMap::new, Collectors.counting()));
    }

    /** A row of the table in docs/kafka-faults.md. */
    String row() {
        String struck = faults.stream()
                .map(fault -> fault.kind() + " (" + fault.inFlight() + ")")
                .collect(Collectors.joining(", "));
        return "| " + seed + " | " + struck + " | " + count(Event.Kind.OFFERED) + " | " + count(Event.Kind.OK) + " | "
                + count(Event.Kind.UNKNOWN) + " | " + count(Event.Kind.RETURNED) + " | " + count(Event.Kind.DEAD)
                + " | " + duplicates + " | " + (verdicts.isEmpty() ? "green" : kinds()) + " |";
    }
}
