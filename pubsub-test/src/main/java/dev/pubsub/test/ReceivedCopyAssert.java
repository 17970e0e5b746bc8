package dev.pubsub.test;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Outcome;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a {@link ReceivedCopy}. Failures print no payload unless the probe is told to show payloads. */
public final class ReceivedCopyAssert extends AbstractAssert<ReceivedCopyAssert, ReceivedCopy> {

    ReceivedCopyAssert(@Nullable ReceivedCopy actual) {
        super(actual, ReceivedCopyAssert.class);
    }

    /** The handler returned. */
    public ReceivedCopyAssert isCompleted() {
        return isSettled(Outcome.COMPLETED);
    }

    /** It became a dead letter. */
    public ReceivedCopyAssert isDeadLettered() {
        return isSettled(Outcome.DEAD_LETTERED);
    }

    /** It became a dead letter for this reason. */
    public ReceivedCopyAssert isDeadLettered(Reason reason) {
        isDeadLettered();
        if (actual.reason() != reason) {
            failWithMessage("Expected the reason %s, but got%n  %s", reason, actual);
        }
        return this;
    }

    /** It was discarded. */
    public ReceivedCopyAssert isDiscarded() {
        return isSettled(Outcome.DISCARDED);
    }

    /** It is not settled yet. */
    public ReceivedCopyAssert isNotSettled() {
        isNotNull();
        if (actual.outcome() != null) {
            failWithMessage("Expected it not to be settled, but got%n  %s", actual);
        }
        return this;
    }

    private ReceivedCopyAssert isSettled(Outcome outcome) {
        isNotNull();
        if (actual.outcome() != outcome) {
            failWithMessage("Expected it to be %s, but got%n  %s", outcome, actual);
        }
        return this;
    }

    /** So many attempts have ended. */
    public ReceivedCopyAssert hasAttempts(int count) {
        isNotNull();
        if (actual.attempts().size() != count) {
            failWithMessage("Expected %d attempts, but got%n  %s", count, actual);
        }
        return this;
    }

    /** The latest exception of its attempts is of this type. */
    public ReceivedCopyAssert hasException(Class<? extends Throwable> type) {
        isNotNull();
        if (!type.isInstance(actual.exception())) {
            failWithMessage("Expected an exception of type %s, but got%n  %s", type.getName(), actual);
        }
        return this;
    }

    /** Its payload, as it was published, equals this one. */
    public ReceivedCopyAssert hasPayload(Object expected) {
        isNotNull();
        if (!actual.payload().equals(expected)) {
            failWithMessage(
                    "Expected payload %s, but was %s, of%n  %s",
                    actual.shown().value(expected), actual.shown().value(actual.payload()), actual);
        }
        return this;
    }
}
