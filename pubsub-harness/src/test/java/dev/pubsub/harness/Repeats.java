package dev.pubsub.harness;

import dev.pubsub.harness.Event.Kind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Why messages were handled to the end more than once: each time for one of these reasons, or for none. */
final class Repeats {

    /** What explains a repetition. */
    enum Reason {
        /** Something before it in its partition was unfinished when the partition went to the other. */
        BEHIND_A_GAP,
        /** The partition went before the next commit was due. */
        BEFORE_THE_COMMIT,
        /** Its commit was sent, and not acknowledged before the other began. */
        COMMIT_NOT_ACKNOWLEDGED,
        /** Its handler returned past its deadline, which is no success, and its dead letter was not taken at first. */
        PAST_ITS_DEADLINE
    }

    /** The interval of commits, a poll, and a rebalance that waits for handlers meanwhile. */
    private static final long COMMIT_DUE = TimeUnit.SECONDS.toNanos(4);

    static final long HANDLER_TIMEOUT = TimeUnit.SECONDS.toNanos(1);

    private final Evidence evidence;
    private final Map<Reason, Integer> explained = new EnumMap<>(Reason.class);

    Repeats(Evidence evidence) {
        this.evidence = evidence;
    }

    /** How often each explained a repetition; once they were looked for. */
    Map<Reason, Integer> explained() {
        return explained;
    }

    /** What is wrong with how often this message was done. */
    Optional<Verdict> unexplained(String message, List<Attempt> attempts) {
        List<Attempt> ends = attempts.stream().filter(Attempt::done).toList();
        for (int i = 1; i < ends.size(); i++) {
            Object why = explain(message, ends.get(i - 1), ends.get(i));
            if (!(why instanceof Reason reason)) {
                return Optional.of(new Verdict(Verdict.Kind.DUPLICATE, message, why.toString()));
            }
            explained.merge(reason, 1, Integer::sum);
        }
        return Optional.empty();
    }

    /** A reason, or what is wrong. */
    private Object explain(String message, Attempt done, Attempt again) {
        Tenure before = done.tenure();
        Tenure after = again.tenure();
        if (before == null || after == null) {
            return "handled again, though never received";
        }
        if (before == after) {
            return done.end() - done.from() >= HANDLER_TIMEOUT
                    ? Reason.PAST_ITS_DEADLINE
                    : "handled again, in the same assignment of its partition";
        }
        long offset = before.offsetOf(message);
        boolean acknowledged = evidence.tenures().values().stream()
                .flatMap(List::stream)
                .filter(tenure -> tenure.received().containsValue(message) || tenure == before)
                .anyMatch(tenure -> tenure.hasCommit(Kind.COMMITTED, offset, after.from()));
        if (acknowledged) {
            return "received again from below a commit that had been acknowledged";
        }
        long complete = completeAt(before, offset);
        if (complete > before.revoked()) {
            return Reason.BEHIND_A_GAP;
        }
        if (before.hasCommit(Kind.COMMITTING, offset, Long.MAX_VALUE)) {
            return Reason.COMMIT_NOT_ACKNOWLEDGED;
        }
        if (before.end() == Tenure.End.RELEASED) {
            return "done, with nothing unfinished before it, and not committed when its partition was given up in order";
        }
        long stoodStill = evidence.stoodStill(before.process(), complete, before.until());
        return before.until() < complete + COMMIT_DUE + stoodStill
                ? Reason.BEFORE_THE_COMMIT
                : "done long before its partition went, and never committed";
    }

    /** When all that this tenure had received up to that offset was done in it; {@link Long#MAX_VALUE} for never. */
    private long completeAt(Tenure tenure, long offset) {
        return tenure.received().headMap(offset, true).values().stream()
                .mapToLong(message -> doneIn(tenure, message))
                .max()
                .orElse(Long.MAX_VALUE);
    }

    private long doneIn(Tenure tenure, String message) {
        return evidence.attempts().getOrDefault(message, List.of()).stream()
                .filter(attempt -> attempt.tenure() == tenure && attempt.done())
                .mapToLong(Attempt::doneAt)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
