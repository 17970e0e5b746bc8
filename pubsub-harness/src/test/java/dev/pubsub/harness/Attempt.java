package dev.pubsub.harness;

import org.jspecify.annotations.Nullable;

/**
 * A handler at work; {@code end} is that of its process where it was killed meanwhile, {@link Long#MAX_VALUE} where it
 * runs on. {@code done}: it returned, or it was the last one before its dead letter.
 */
record Attempt(
        Event begin,
        long end,
        boolean returned,
        boolean done,
        @Nullable Tenure tenure) {

    String message() {
        return begin.message();
    }

    long from() {
        return begin.nanos();
    }

    Attempt asDone() {
        return new Attempt(begin, end, returned, true, tenure);
    }
}
