package dev.pubsub.delivery;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import dev.pubsub.resilience.RetryDecider;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.UndeliverableException;

/** Says what becomes of a copy whose handler threw. Safe for use by any thread. */
final class FailureJudge {

    /** What a Throwable means, to the metrics, to the breaker and as the reason of a dead letter. */
    enum Kind {
        FAILURE(AttemptResult.FAILURE, true, Reason.FAILURE),
        TIMEOUT(AttemptResult.TIMEOUT, true, Reason.TIMEOUT),
        PANIC(AttemptResult.PANIC, true, Reason.PANIC),
        CANCELLATION(AttemptResult.CANCELLED, false, Reason.FAILURE),
        REJECTION(AttemptResult.REJECTED, false, Reason.REJECTED),
        POSTPONEMENT(AttemptResult.REJECTED, false, Reason.REJECTED),
        UNDELIVERABLE(AttemptResult.REJECTED, false, Reason.UNDELIVERABLE);

        private final AttemptResult result;
        private final boolean error;
        private final Reason reason;

        Kind(AttemptResult result, boolean error, Reason reason) {
            this.result = result;
            this.error = error;
            this.reason = reason;
        }

        AttemptResult result() {
            return result;
        }

        /** Whether the circuit breaker is told of an error. */
        boolean countsAsError() {
            return error;
        }
    }

    private FailureJudge() {}

    static Kind kindOf(Throwable thrown) {
        if (thrown instanceof RejectMessageException) {
            return Kind.REJECTION;
        }
        if (thrown instanceof RetryLaterException) {
            return Kind.POSTPONEMENT;
        }
        if (thrown instanceof UndeliverableException) {
            return Kind.UNDELIVERABLE;
        }
        if (RetryDecider.isCancellation(thrown)) {
            return Kind.CANCELLATION;
        }
        // a Throwable of its own, neither Exception nor Error, is as unforeseen as an Error
        return thrown instanceof Exception ? Kind.FAILURE : Kind.PANIC;
    }

    static Verdict judge(RetryDecider retry, Kind kind, Throwable thrown, Attempt attempt, RetryMemory retries) {
        return switch (kind) {
            case POSTPONEMENT ->
                new Verdict.Retry(((RetryLaterException) thrown).delay().toNanos(), thrown);
            case FAILURE, TIMEOUT, CANCELLATION -> retryOrBury(retry, kind, thrown, attempt, retries);
            case PANIC, REJECTION, UNDELIVERABLE -> dead(kind, thrown, attempt);
        };
    }

    private static Verdict retryOrBury(
            RetryDecider retry, Kind kind, Throwable thrown, Attempt attempt, RetryMemory retries) {
        if (attempt.isLastAttempt() || !retry.isRetryable(thrown)) {
            return dead(kind, thrown, attempt);
        }
        long wait = retry.waitNanos(retries.retryContext(), attempt.attempt(), thrown);
        return wait == RetryDecider.NO_RETRY ? dead(kind, thrown, attempt) : new Verdict.Retry(wait, thrown);
    }

    private static Verdict dead(Kind kind, Throwable thrown, Attempt attempt) {
        return new Verdict.Dead(kind.reason, thrown, attempt.attempt());
    }
}
