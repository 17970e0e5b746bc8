package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.Outcome;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.journey.Journey.EndedAttempt;
import dev.pubsub.journey.Journey.State;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one copy; guarded by its {@link Trail}. Keeps the latest {@link #MAX_ATTEMPTS} attempts. */
final class CopyTrail {

    static final int MAX_ATTEMPTS = 8;

    /** A publisher that is this late to tell of its acceptance is not late: it is another acceptance. */
    private static final long LATE_MILLIS = 1_000;

    private final String subscriptionId;
    private final Deque<EndedAttempt> attempts = new ArrayDeque<>(1);
    private int earlierAttempts;
    private boolean filtered;
    private int acceptances;
    private int settlements;
    private @Nullable Outcome outcome;
    private DeadLetter.@Nullable Reason reason;
    private long settledMillis;

    CopyTrail(String subscriptionId) {
        this.subscriptionId = subscriptionId;
    }

    String subscriptionId() {
        return subscriptionId;
    }

    /** May be told after the settlement that follows it, so neither takes back what the other said. */
    void accepted(long nowMillis) {
        if (settlements > acceptances && nowMillis - settledMillis >= LATE_MILLIS) {
            acceptances = settlements; // those before were forgotten
        }
        acceptances++;
    }

    void filtered() {
        filtered = acceptances == 0;
    }

    void attempted(int attempt, AttemptResult result, long nanos, @Nullable String exceptionType, long nowMillis) {
        if (attempts.size() == MAX_ATTEMPTS) {
            attempts.removeFirst();
            earlierAttempts++;
        }
        attempts.addLast(new EndedAttempt(
                attempt, result, Instant.ofEpochMilli(nowMillis), Duration.ofNanos(nanos), exceptionType));
    }

    void settled(Outcome newOutcome, DeadLetter.@Nullable Reason newReason, long nowMillis) {
        settlements++;
        outcome = newOutcome;
        reason = newReason;
        settledMillis = nowMillis;
    }

    CopyJourney journey() {
        State state = state();
        boolean settled = state != State.PENDING && state != State.FILTERED;
        return new CopyJourney(
                subscriptionId,
                state,
                settled ? reason : null,
                settled ? Instant.ofEpochMilli(settledMillis) : null,
                Math.max(0, acceptances - 1),
                List.copyOf(attempts),
                earlierAttempts);
    }

    private State state() {
        if (filtered) {
            return State.FILTERED;
        }
        if (outcome == null || settlements < acceptances) {
            return State.PENDING;
        }
        return switch (outcome) {
            case COMPLETED -> State.COMPLETED;
            case DEAD_LETTERED -> State.DEAD_LETTERED;
            case DISCARDED -> State.DISCARDED;
        };
    }
}
