package dev.pubsub.delivery;

import dev.pubsub.spi.EngineMetrics.AttemptResult;
import org.jspecify.annotations.Nullable;

/**
 * Counts attempts by result. Called by the thread that ended the attempt, before its copy is settled. Throws nothing.
 */
@FunctionalInterface
public interface AttemptRecorder {

    /** An attempt ended after so long; {@code thrown} is null where its handler returned, or was left behind. */
    void attempted(Attempt attempt, AttemptResult result, long nanos, @Nullable Throwable thrown);
}
