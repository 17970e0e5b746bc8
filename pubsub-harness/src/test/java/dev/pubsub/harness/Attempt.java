package dev.pubsub.harness;

/** A handler at work; {@code end} is {@link Long#MAX_VALUE} where its process was killed meanwhile. */
record Attempt(Event begin, long end, boolean returned, int lastAttempt) {

    boolean isFinal() {
        return end != Long.MAX_VALUE && (returned || begin.attempt() >= lastAttempt);
    }
}
