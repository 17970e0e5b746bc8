package dev.pubsub.publish;

/**
 * How publishing is limited. Immutable.
 *
 * @param maxConcurrent publish calls in progress at most
 * @param blocks whether a call waits for a slot and for room; else it fails at once
 * @param timeoutNanos how long it waits, in all
 * @param maxBatchSize messages of one {@code publishAll} at most
 */
public record PublishSettings(int maxConcurrent, boolean blocks, long timeoutNanos, int maxBatchSize) {}
