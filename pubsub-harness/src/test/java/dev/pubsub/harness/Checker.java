package dev.pubsub.harness;

import dev.pubsub.harness.Verdict.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides what was wrong, from all histories of a round and the log of its faults; a pure function. What each verdict
 * means is said in docs/kafka-faults.md.
 */
final class Checker {

    /**
     * How long before a fault something may have ended whose offset was not committed: behind a message with retries.
     */
    static final long UNCOMMITTED = TimeUnit.SECONDS.toNanos(8);
    /** How long after the end of a fault its rebalances may go on. */
    static final long AFTERMATH = TimeUnit.SECONDS.toNanos(15);

    private final int lastAttempt;
    private final List<Fault> faults;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Map<String, Event> offered = new HashMap<>();
    private final Map<String, Event> ok = new HashMap<>();
    private final Map<String, Event> dead = new HashMap<>();
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private final Map<String, List<Attempt>> byKey = new TreeMap<>();
    private int explained;

    /** {@code lastAttempt} is the number of the attempt behind which there is no other. */
    Checker(List<Event> events, List<Fault> faults, int lastAttempt) {
        this.faults = faults;
        this.lastAttempt = lastAttempt;
        List<Event> sorted = new ArrayList<>(events);
        sorted.sort(Comparator.comparingLong(Event::nanos));
        Map<String, Event> open = new HashMap<>();
        for (Event event : sorted) {
            String handling = event.process() + " " + event.message() + " " + event.attempt();
            switch (event.kind()) {
                case OFFERED -> offered.put(event.message(), event);
                case OK -> ok.put(event.message(), event);
                case DEAD -> dead.putIfAbsent(event.message(), event);
                case BEGIN -> open.put(handling, event);
                case RETURNED, THREW -> {
                    Event begin = open.remove(handling);
                    if (begin != null) {
                        add(new Attempt(begin, event.nanos(), event.kind() == Event.Kind.RETURNED, lastAttempt));
                    }
                }
                case UNKNOWN, SETTLED -> {}
            }
        }
        open.values().forEach(begin -> add(new Attempt(begin, Long.MAX_VALUE, false, lastAttempt)));
        Comparator<Attempt> order =
                Comparator.comparingLong(attempt -> attempt.begin().nanos());
        attempts.values().forEach(list -> list.sort(order));
        byKey.values().forEach(list -> list.sort(order));
    }

    private void add(Attempt attempt) {
        Event begin = attempt.begin();
        attempts.computeIfAbsent(begin.message(), message -> new ArrayList<>()).add(attempt);
        byKey.computeIfAbsent(begin.key(), key -> new ArrayList<>()).add(attempt);
    }

    List<Verdict> verdicts() {
        if (faults.stream().noneMatch(fault -> fault.kind().kills() && fault.inFlight() > 0)) {
            verdicts.add(new Verdict(Kind.VOID, "-", "no kill landed on work in flight"));
        }
        ok.values().forEach(this::lostOrStuck);
        attempts.keySet().stream()
                .filter(message -> !offered.containsKey(message))
                .forEach(message -> verdicts.add(new Verdict(Kind.PHANTOM, message, "handled, never offered")));
        attempts.forEach(this::duplicates);
        byKey.values().forEach(this::reordered);
        byKey.values().forEach(this::overlaps);
        return List.copyOf(verdicts);
    }

    /** How many messages were handled to the end once more, across a fault; once the verdicts were asked for. */
    int explainedDuplicates() {
        return explained;
    }

    private boolean isSettled(String message) {
        return dead.containsKey(message)
                || attempts.getOrDefault(message, List.of()).stream().anyMatch(Attempt::returned);
    }

    /** Lost if something of its key that was published behind it has been settled; else it has not come yet. */
    private void lostOrStuck(Event published) {
        if (isSettled(published.message())) {
            return;
        }
        boolean passed = ok.values().stream()
                .anyMatch(later -> later.key().equals(published.key())
                        && offeredAt(later) > published.nanos()
                        && isSettled(later.message()));
        verdicts.add(
                passed
                        ? new Verdict(Kind.LOST, published.message(), "a later one of its key was settled")
                        : new Verdict(Kind.STUCK, published.message(), "not settled at the end of the round"));
    }

    private long offeredAt(Event event) {
        Event offer = offered.get(event.message());
        return offer == null ? Long.MIN_VALUE : offer.nanos();
    }

    private void duplicates(String message, List<Attempt> handled) {
        List<Attempt> ends = handled.stream().filter(Attempt::isFinal).toList();
        if (ends.size() < 2) {
            return;
        }
        explained++;
        for (int i = 1; i < ends.size(); i++) {
            long done = ends.get(i - 1).end();
            long again = ends.get(i).begin().nanos();
            if (faults.stream()
                    .noneMatch(fault -> fault.start() <= again
                            && done >= fault.start() - UNCOMMITTED
                            && done <= fault.end() + AFTERMATH)) {
                verdicts.add(new Verdict(Kind.DUPLICATE, message, "handled again, and no fault explains it"));
                explained--;
                return;
            }
        }
    }

    /** Of one producer and key, none begins before each earlier one that was ever handled was at its end once. */
    private void reordered(List<Attempt> ofKey) {
        Map<String, TreeMap<Long, String>> producers = new HashMap<>();
        ofKey.forEach(attempt -> producers
                .computeIfAbsent(attempt.begin().producer(), producer -> new TreeMap<>())
                .put(attempt.begin().number(), attempt.begin().message()));
        for (TreeMap<Long, String> messages : producers.values()) {
            long done = Long.MIN_VALUE;
            String before = "";
            for (String message : messages.values()) {
                List<Attempt> handled = attempts.getOrDefault(message, List.of());
                if (handled.get(0).begin().nanos() < done) {
                    verdicts.add(new Verdict(Kind.REORDERED, message, "began before the end of " + before));
                }
                long end = handled.stream()
                        .filter(Attempt::isFinal)
                        .mapToLong(Attempt::end)
                        .min()
                        .orElse(Long.MIN_VALUE);
                if (end > done) {
                    done = end;
                    before = message;
                }
            }
        }
    }

    private void overlaps(List<Attempt> ofKey) {
        for (int i = 0; i < ofKey.size(); i++) {
            Attempt first = ofKey.get(i);
            for (int j = i + 1; j < ofKey.size(); j++) {
                Attempt second = ofKey.get(j);
                if (second.begin().nanos() < endOf(first) && !isZombie(first) && !isZombie(second)) {
                    verdicts.add(new Verdict(
                            Kind.OVERLAP,
                            second.begin().message(),
                            "at one time with " + first.begin().message()));
                }
            }
        }
    }

    /** An attempt without an end ended with its process, when that was killed or left. */
    private long endOf(Attempt attempt) {
        if (attempt.end() != Long.MAX_VALUE) {
            return attempt.end();
        }
        return faults.stream()
                .filter(fault -> fault.kind() != Fault.Kind.STOP_APP)
                .filter(fault -> fault.process().equals(attempt.begin().process()))
                .filter(fault -> fault.start() >= attempt.begin().nanos())
                .mapToLong(Fault::start)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Stopped while it ran, or begun before a process that had been stopped could know that it was taken for dead. */
    private boolean isZombie(Attempt attempt) {
        return faults.stream()
                .filter(fault -> fault.kind() == Fault.Kind.STOP_APP)
                .filter(fault -> fault.process().equals(attempt.begin().process()))
                .anyMatch(fault -> attempt.begin().nanos() < fault.end() + TimeUnit.SECONDS.toNanos(3)
                        && attempt.end() > fault.start());
    }
}
