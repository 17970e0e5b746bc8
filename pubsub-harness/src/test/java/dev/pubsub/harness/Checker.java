package dev.pubsub.harness;

import dev.pubsub.harness.Event.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides what was wrong in a round; a pure function. What each verdict means is said in docs/kafka-faults.md. What a
 * process must do within some time it may do later by as long as it stood still meanwhile.
 */
final class Checker {

    /** A dead letter is told of after it was acknowledged, by a thread that may have to wait for a processor. */
    private static final long TOLD = TimeUnit.MILLISECONDS.toNanos(500);
    /** A dead letter is told of when its topic has taken it, for which the broker must be there. */
    private static final long KEPT = TimeUnit.SECONDS.toNanos(10);
    /** Between a worker's last look at its delivery and its handler's first line. */
    private static final long BEGUN = TimeUnit.MILLISECONDS.toNanos(100);
    /** Until a handler whose partition was lost has been interrupted. */
    private static final long CANCELLED = TimeUnit.SECONDS.toNanos(1);

    private final Evidence evidence;
    private final Repeats repeats;
    private final List<Verdict> verdicts = new ArrayList<>();

    Checker(Evidence evidence) {
        this.evidence = evidence;
        this.repeats = new Repeats(evidence);
    }

    List<Verdict> verdicts() {
        verdicts.clear();
        if (evidence.faults().stream().noneMatch(fault -> fault.kind().kills() && fault.inFlight() > 0)) {
            add(Verdict.Kind.VOID, "-", "no kill landed on work in flight");
        }
        evidence.accepted().forEach(this::lostOrStuck);
        evidence.attempts().keySet().stream()
                .filter(message -> !evidence.offered().containsKey(message))
                .forEach(message -> add(Verdict.Kind.PHANTOM, message, "handled, never offered"));
        evidence.attempts()
                .forEach((message, of) -> repeats.unexplained(message, of).ifPresent(verdicts::add));
        evidence.deadLetters().stream()
                .filter(dead -> !isExplained(dead))
                .forEach(dead -> add(
                        Verdict.Kind.BURIED,
                        dead.message(),
                        "not to fail, and no attempt at it ran past its deadline"));
        byKey().forEach(this::reordered);
        byKey().forEach(this::overlaps);
        evidence.commits().forEach(this::early);
        late();
        return List.copyOf(verdicts);
    }

    /** Why messages were done more than once; after the verdicts were asked for. */
    Map<Repeats.Reason, Integer> explainedRepeats() {
        return repeats.explained();
    }

    private void add(Verdict.Kind kind, String message, String seen) {
        verdicts.add(new Verdict(kind, message, seen));
    }

    private Collection<List<Attempt>> byKey() {
        Map<String, List<Attempt>> byKey = new TreeMap<>();
        evidence.attempts()
                .values()
                .forEach(list -> list.forEach(
                        attempt -> byKey.computeIfAbsent(attempt.begin().key(), key -> new ArrayList<>())
                                .add(attempt)));
        byKey.values().forEach(list -> list.sort(Comparator.comparingLong(Attempt::from)));
        return byKey.values();
    }

    /** Lost if something of its key that was published behind it has been settled; else it has not come yet. */
    private void lostOrStuck(Event published) {
        if (evidence.isSettled(published.message())) {
            return;
        }
        boolean passed = evidence.accepted().stream()
                .anyMatch(later -> later.key().equals(published.key())
                        && offeredAt(later) > published.nanos()
                        && evidence.isSettled(later.message()));
        if (passed) {
            add(Verdict.Kind.LOST, published.message(), "a later one of its key was settled");
        } else {
            add(Verdict.Kind.STUCK, published.message(), "not settled at the end of the round");
        }
    }

    /**
     * By what it was to do, by an attempt past its deadline, or by one that stood still, perhaps before its first line.
     */
    private boolean isExplained(Event dead) {
        return dead.isMeantToDie()
                || evidence.attempts().getOrDefault(dead.message(), List.of()).stream()
                        .anyMatch(attempt -> attempt.end() - attempt.from() >= Repeats.HANDLER_TIMEOUT)
                || evidence.stoodStill(dead.process(), dead.nanos() - KEPT, dead.nanos()) > 0;
    }

    private long offeredAt(Event event) {
        Event offer = evidence.offered().get(event.message());
        return offer == null ? Long.MIN_VALUE : offer.nanos();
    }

    /** Of one producer and key, none begins before each earlier one that was ever handled was done once. */
    private void reordered(List<Attempt> ofKey) {
        Map<String, TreeMap<Long, String>> producers = new HashMap<>();
        for (Attempt attempt : ofKey) {
            Work work = attempt.begin().work();
            if (work != null) {
                producers
                        .computeIfAbsent(work.producer(), producer -> new TreeMap<>())
                        .put(work.number(), work.message());
            }
        }
        for (TreeMap<Long, String> messages : producers.values()) {
            long done = Long.MIN_VALUE;
            String before = "";
            for (String message : messages.values()) {
                List<Attempt> handled = evidence.attempts().getOrDefault(message, List.of());
                if (handled.get(0).from() < done) {
                    add(Verdict.Kind.REORDERED, message, "began before the end of " + before);
                }
                long end = handled.stream()
                        .filter(Attempt::done)
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
                if (second.from() < first.end() && !isUnavoidable(first, second) && !isUnavoidable(second, first)) {
                    add(Verdict.Kind.OVERLAP, second.message(), "at one time with " + first.message());
                }
            }
        }
    }

    /** The group had given the partition away, and the process could not know; and once it knew, it stopped at once. */
    private boolean isUnavoidable(Attempt deposed, Attempt other) {
        Tenure tenure = deposed.tenure();
        return tenure != null
                && other.tenure() != null
                && tenure.wasDeposedBy(other.tenure())
                && isWithin(CANCELLED, tenure.process(), tenure.until(), deposed.end());
    }

    private boolean isWithin(long nanos, String process, long from, long to) {
        return to - evidence.stoodStill(process, from, to) - nanos <= from;
    }

    /** All below a commit must be done when it is sent. */
    private void early(Event commit) {
        TreeMap<Long, String> log = evidence.logs().getOrDefault(commit.partition(), new TreeMap<>());
        if (log.headMap(commit.offset()).size() < commit.offset()) {
            add(Verdict.Kind.EARLY, "-", "committed " + commit.offset() + ", and nobody has received all below it");
        }
        for (String message : log.headMap(commit.offset()).values()) {
            if (!isDoneAt(message, commit.nanos())) {
                add(Verdict.Kind.EARLY, message, "unfinished when " + commit.offset() + " was committed");
                return;
            }
        }
    }

    private boolean isDoneAt(String message, long nanos) {
        boolean returned = evidence.attempts().getOrDefault(message, List.of()).stream()
                .anyMatch(attempt -> attempt.returned() && attempt.end() <= nanos);
        if (returned) {
            return true;
        }
        Event dead = evidence.deadLetterOf(message);
        return dead == null
                ? evidence.isDead(message) // told of by nobody: killed before it
                : isWithin(TOLD, dead.process(), nanos, dead.nanos());
    }

    private void late() {
        evidence.unowned().stream()
                .filter(event -> event.kind() == Kind.COMMITTING)
                .forEach(event -> add(
                        Verdict.Kind.LATE,
                        "-",
                        event.process() + " committed " + event.offset() + " of another's partition"));
        evidence.attempts().values().stream().flatMap(List::stream).forEach(attempt -> {
            Tenure tenure = attempt.tenure();
            if (tenure != null && !isWithin(BEGUN, tenure.process(), tenure.until(), attempt.from())) {
                add(Verdict.Kind.LATE, attempt.message(), "begun after its partition was " + tenure.end());
            }
        });
    }
}
