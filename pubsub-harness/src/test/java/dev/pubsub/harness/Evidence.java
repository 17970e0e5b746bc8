package dev.pubsub.harness;

import dev.pubsub.harness.Event.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the histories of a round say, put together: who had which partition, what was received and what became of it.
 */
final class Evidence {

    private final List<Fault> faults;
    private final Set<String> buried;
    private final Map<String, Long> deaths = new HashMap<>();
    private final Map<String, Event> offered = new HashMap<>();
    private final Map<String, Event> ok = new HashMap<>();
    private final Map<String, Event> dead = new HashMap<>();
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private final Map<Integer, List<Tenure>> tenures = new TreeMap<>();
    private final Map<Integer, TreeMap<Long, String>> logs = new TreeMap<>();
    private final List<Event> commits = new ArrayList<>();
    private final List<Event> unowned = new ArrayList<>();

    private final Map<String, Tenure> held = new HashMap<>(); // by process and partition, while reading
    private final Map<String, Tenure> lastReceived = new HashMap<>(); // by process and message
    private final Map<String, Attempt> open = new HashMap<>(); // by process, message and attempt
    private final Map<String, Attempt> latest = new HashMap<>(); // by process and message

    /** {@code buried}: the messages that were found in the topics of dead letters. */
    Evidence(Collection<Event> events, List<Fault> faults, Set<String> buried) {
        this.faults = faults;
        this.buried = buried;
        List<Event> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparingLong(Event::nanos));
        findDeaths(sorted);
        sorted.forEach(this::read);
        open.values().forEach(this::endWithProcess);
        held.forEach((where, tenure) -> {
            Long died = deaths.get(tenure.process());
            if (died != null) {
                tenure.end(Tenure.End.DIED, died);
            }
        });
        attempts.values().forEach(list -> list.sort(Comparator.comparingLong(Attempt::from)));
    }

    /** A process that was ended did not do anything after its last line. */
    private void findDeaths(List<Event> sorted) {
        for (Fault fault : faults) {
            if (fault.kind() == Fault.Kind.KILL_APP || fault.kind() == Fault.Kind.LEAVE_AND_JOIN) {
                deaths.put(fault.process(), fault.start());
            }
        }
        sorted.forEach(event -> deaths.computeIfPresent(event.process(), (p, died) -> Math.max(died, event.nanos())));
    }

    private void read(Event event) {
        switch (event.kind()) {
            case OFFERED -> offered.put(event.message(), event);
            case OK -> ok.put(event.message(), event);
            case UNKNOWN, SETTLED -> {}
            case BEGIN -> begin(event);
            case RETURNED, THREW -> ended(event);
            case DEAD -> died(event);
            default -> readOfConsumer(event);
        }
    }

    private static String of(Event event) {
        return event.process() + " " + event.message();
    }

    private void begin(Event event) {
        Attempt attempt = new Attempt(event, Long.MAX_VALUE, false, Long.MAX_VALUE, lastReceived.get(of(event)));
        open.put(of(event) + " " + event.attempt(), attempt);
        latest.put(of(event), attempt);
    }

    private void ended(Event event) {
        Attempt begun = open.remove(of(event) + " " + event.attempt());
        if (begun != null) {
            boolean returned = event.kind() == Kind.RETURNED;
            long doneAt = returned ? event.nanos() : Long.MAX_VALUE;
            add(new Attempt(begun.begin(), event.nanos(), returned, doneAt, begun.tenure()));
        }
    }

    private void add(Attempt attempt) {
        attempts.computeIfAbsent(attempt.message(), message -> new ArrayList<>())
                .add(attempt);
        latest.computeIfPresent(of(attempt.begin()), (where, last) -> last.begin() == attempt.begin() ? attempt : last);
    }

    private void died(Event event) {
        dead.putIfAbsent(event.message(), event);
        Attempt last = latest.get(of(event));
        List<Attempt> known = attempts.get(event.message());
        int index = last == null || known == null ? -1 : known.indexOf(last);
        if (index >= 0 && known != null && last != null) {
            known.set(index, last.done() ? last : last.doneAt(event.nanos()));
        }
    }

    private void endWithProcess(Attempt begun) {
        long end = deaths.getOrDefault(begun.begin().process(), Long.MAX_VALUE);
        add(new Attempt(begun.begin(), end, false, Long.MAX_VALUE, begun.tenure()));
    }

    private void readOfConsumer(Event event) {
        String where = event.process() + " " + event.partition();
        if (event.kind() == Kind.ASSIGNED) {
            Tenure tenure = new Tenure(event.process(), event.nanos());
            held.put(where, tenure);
            tenures.computeIfAbsent(event.partition(), partition -> new ArrayList<>())
                    .add(tenure);
            return;
        }
        if (event.kind() == Kind.COMMITTING) {
            commits.add(event);
        }
        Tenure tenure = held.get(where);
        if (tenure == null) {
            unowned.add(event);
        } else if (event.kind() == Kind.RELEASED || event.kind() == Kind.LOST) {
            tenure.end(event.kind() == Kind.LOST ? Tenure.End.LOST : Tenure.End.RELEASED, event.nanos());
            held.remove(where);
        } else {
            tenure.add(event);
            if (event.kind() == Kind.RECEIVED) {
                lastReceived.put(of(event), tenure);
                logs.computeIfAbsent(event.partition(), partition -> new TreeMap<>())
                        .put(event.offset(), event.message());
            }
        }
    }

    List<Fault> faults() {
        return faults;
    }

    /** How long a process stood still between these times. */
    long stoodStill(String process, long from, long to) {
        return faults.stream()
                .filter(fault ->
                        fault.kind() == Fault.Kind.STOP_APP && fault.process().equals(process))
                .mapToLong(fault -> Math.max(0, Math.min(fault.end(), to) - Math.max(fault.start(), from)))
                .sum();
    }

    Map<String, Event> offered() {
        return offered;
    }

    /** What its publisher was told is accepted. */
    Collection<Event> accepted() {
        return ok.values();
    }

    /** By message, in the order in which they began. */
    Map<String, List<Attempt>> attempts() {
        return attempts;
    }

    /** By partition, in the order in which they began. */
    Map<Integer, List<Tenure>> tenures() {
        return tenures;
    }

    /** What of each partition anybody has received. */
    Map<Integer, TreeMap<Long, String>> logs() {
        return logs;
    }

    /** Commits that were sent. */
    List<Event> commits() {
        return commits;
    }

    /** What a consumer did with a partition that was not its own. */
    List<Event> unowned() {
        return unowned;
    }

    /** Those that were told of. */
    Collection<Event> deadLetters() {
        return dead.values();
    }

    boolean isDead(String message) {
        return dead.containsKey(message) || buried.contains(message);
    }

    /** When its dead letter was told of, and by whom; null where that is not known. */
    @Nullable
    Event deadLetterOf(String message) {
        return dead.get(message);
    }

    boolean isSettled(String message) {
        return isDead(message)
                || attempts.getOrDefault(message, List.of()).stream().anyMatch(Attempt::done);
    }
}
