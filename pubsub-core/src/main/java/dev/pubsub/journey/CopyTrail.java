package dev.pubsub.journey;

import dev.pubsub.DeadLetter;
import dev.pubsub.Outcome;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.journey.Journey.EndedAttempt;
import dev.pubsub.journey.Journey.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one copy. Immutable. Keeps the latest {@link #MAX_ATTEMPTS} attempts. */
record CopyTrail(
        String subscriptionId,
        boolean filtered,
        int acceptances,
        int settlements,
        @Nullable Outcome outcome,
        DeadLetter.@Nullable Reason reason,
        long settledMillis,
        List<EndedAttempt> attempts,
        int earlierAttempts) {

    static final int MAX_ATTEMPTS = 8;

    /** A publisher that is this late to tell of its acceptance is not late: it is another acceptance. */
    private static final long LATE_MILLIS = 1_000;

    static CopyTrail of(String subscriptionId) {
        return new CopyTrail(subscriptionId, false, 0, 0, null, null, 0, List.of(), 0);
    }

    /** May be told after the settlement that follows it, so neither takes back what the other said. */
    CopyTrail accepted(long nowMillis) {
        boolean forgotten = settlements > acceptances && nowMillis - settledMillis >= LATE_MILLIS;
        int before = forgotten ? settlements : acceptances;
        return new CopyTrail(
                subscriptionId,
                filtered,
                before + 1,
                settlements,
                outcome,
                reason,
                settledMillis,
                attempts,
                earlierAttempts);
    }

    CopyTrail refused() {
        return new CopyTrail(
                subscriptionId,
                acceptances == 0,
                acceptances,
                settlements,
                outcome,
                reason,
                settledMillis,
                attempts,
                earlierAttempts);
    }

    CopyTrail attempted(EndedAttempt attempt) {
        boolean full = attempts.size() == MAX_ATTEMPTS;
        List<EndedAttempt> latest = new ArrayList<>(MAX_ATTEMPTS);
        latest.addAll(full ? attempts.subList(1, MAX_ATTEMPTS) : attempts);
        latest.add(attempt);
        return new CopyTrail(
                subscriptionId,
                filtered,
                acceptances,
                settlements,
                outcome,
                reason,
                settledMillis,
                List.copyOf(latest),
                earlierAttempts + (full ? 1 : 0));
    }

    CopyTrail settled(Outcome newOutcome, DeadLetter.@Nullable Reason newReason, long nowMillis) {
        return new CopyTrail(
                subscriptionId,
                filtered,
                acceptances,
                settlements + 1,
                newOutcome,
                newReason,
                nowMillis,
                attempts,
                earlierAttempts);
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
                attempts,
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
