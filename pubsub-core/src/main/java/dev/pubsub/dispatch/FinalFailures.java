package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.deadletter.DeadLetterService;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of copies that are finally failed: a dead letter, counted by reason, or, without dead letters, a line in
 * the log. Safe for use by any thread; called outside the subscription's lock, before the copy is settled.
 */
final class FinalFailures {

    private static final Logger log = LoggerFactory.getLogger(FinalFailures.class);

    private final SubscriptionSpec<?> spec;
    private final DeadLetterService deadLetters;
    private final AttemptCounts counts;
    private final @Nullable Notices notices;

    FinalFailures(SubscriptionRuntime runtime) {
        this.spec = runtime.spec();
        this.deadLetters = runtime.services().deadLetters();
        this.counts = runtime.counts;
        this.notices = runtime.services().notices();
    }

    /** A failure that is tried again is worth a line only to those who look for it. */
    void logIfRetried(Copy copy, Verdict verdict) {
        if (verdict instanceof Verdict.Retry retry && log.isDebugEnabled()) {
            log.debug(
                    "Subscription '{}': message {}: attempt {} failed, next in {} ms: {}",
                    spec.id(),
                    SafeText.of(copy.message().id()),
                    copy.attempt(),
                    TimeUnit.NANOSECONDS.toMillis(retry.delayNanos()),
                    SafeText.of(retry.cause()));
        }
    }

    /**
     * Keeps a copy as a dead letter, or says that it was dropped. Null where the store has failed and the transport
     * that brought the copy has it still: it is to be tried again.
     */
    @Nullable
    Outcome bury(Copy copy, Verdict.Dead dead, @Nullable Object orderKey) {
        Copy.Details details = copy.detailsIfAny();
        DeadLetterService.Burial burial = new DeadLetterService.Burial(
                spec.id(),
                copy.message(),
                dead.reason(),
                dead.attempts(),
                dead.cause(),
                details == null ? null : details.replayOf,
                spec.sequenced() ? orderKey : null,
                copy.acceptedNanos);
        return bury(burial, copy.inbound() != null);
    }

    /** Keeps a message that found no place. */
    Outcome buryOverflow(
            Message<?> message, @Nullable Throwable refusal, @Nullable Object orderKey, long acceptedNanos) {
        Outcome outcome = bury(
                new DeadLetterService.Burial(
                        spec.id(),
                        message,
                        Reason.OVERFLOW,
                        0,
                        refusal,
                        null,
                        spec.sequenced() ? orderKey : null,
                        acceptedNanos),
                false);
        return outcome == null ? Outcome.DISCARDED : outcome;
    }

    private @Nullable Outcome bury(DeadLetterService.Burial burial, boolean isKeptElsewhere) {
        if (!spec.deadLetter()) {
            logFailure(burial, "discarded, since dead letters are off");
            return Outcome.DISCARDED;
        }
        DeadLetter letter;
        try {
            letter = deadLetters.bury(burial);
        } catch (Throwable storeFailure) {
            if (isKeptElsewhere) {
                log.error(
                        "Subscription '{}': message {} is not acknowledged and will be tried again: {} after {} attempts"
                                + " ({}), and the dead-letter store failed ({})",
                        spec.id(),
                        SafeText.of(burial.message().id()),
                        burial.reason(),
                        burial.attempts(),
                        describe(burial.cause()),
                        SafeText.of(storeFailure));
                return null;
            }
            counts.count(AttemptCounts.Event.LOST);
            log.error(
                    "Subscription '{}': message {} is lost: {} after {} attempts ({}), and the dead-letter store failed ({})",
                    spec.id(),
                    SafeText.of(burial.message().id()),
                    burial.reason(),
                    burial.attempts(),
                    describe(burial.cause()),
                    SafeText.of(storeFailure));
            return Outcome.DISCARDED;
        }
        counts.countDeadLetter(burial.reason());
        logFailure(burial, "kept as a dead letter");
        if (notices != null) {
            notices.deadLettered(letter);
        }
        return Outcome.DEAD_LETTERED;
    }

    private void logFailure(DeadLetterService.Burial burial, String what) {
        String line = "Subscription '{}': message {} on {} {}: {} after {} attempts: {}";
        Object[] values = {
            spec.id(),
            SafeText.of(burial.message().id()),
            SafeText.of(burial.message().topic()),
            what,
            burial.reason(),
            burial.attempts(),
            describe(burial.cause())
        };
        if (burial.reason() == Reason.PANIC) {
            log.error(line, values);
        } else {
            log.warn(line, values);
        }
    }

    private static String describe(@Nullable Throwable cause) {
        return cause == null ? "no exception" : SafeText.of(cause);
    }
}
