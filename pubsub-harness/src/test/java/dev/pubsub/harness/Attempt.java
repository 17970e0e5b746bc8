package dev.pubsub.harness;

import org.jspecify.annotations.Nullable;

/**
 * A handler at work. {@code end} is that of its process where it was killed meanwhile, {@link Long#MAX_VALUE} where it
 * runs on; {@code doneAt} is when it returned, or its dead letter was told of where it was the last one before,
 * {@link Long#MAX_VALUE} for neither.
 */
record Attempt(
        Event begin,
        long end,
        boolean returned,
        long doneAt,
        @Nullable Tenure tenure) {

    String message() {
        return begin.message();
    }

    long from() {
        return begin.nanos();
    }

    boolean done() {
        return doneAt != Long.MAX_VALUE;
    }

    Attempt doneAt(long nanos) {
        return new Attempt(begin, end, returned, nanos, tenure);
    }
}
