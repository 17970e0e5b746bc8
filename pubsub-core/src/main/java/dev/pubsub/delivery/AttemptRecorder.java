package dev.pubsub.delivery;

import dev.pubsub.spi.EngineMetrics.AttemptResult;

/**
 * Counts attempts by result. Called by the thread that ended the attempt, before its copy is settled. Throws nothing.
 */
@FunctionalInterface
public interface AttemptRecorder {

    /** An attempt ended after so long. */
    void attempted(AttemptResult result, long nanos);
}
