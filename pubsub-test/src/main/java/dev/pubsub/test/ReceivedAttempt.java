package dev.pubsub.test;

import dev.pubsub.spi.EngineMetrics.AttemptResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that has ended. Immutable.
 *
 * @param number from 1
 * @param result how it ended
 * @param took how long it took, in the engine's time
 * @param thrown what the handler threw, or the {@code HandlerTimeoutException} of its deadline; null where it returned
 */
public record ReceivedAttempt(
        int number,
        AttemptResult result,
        Duration took,
        @Nullable Throwable thrown) {

    /** The class of what was thrown; null where nothing was. */
    public @Nullable Class<? extends Throwable> exceptionType() {
        return thrown == null ? null : thrown.getClass();
    }

    /** Number, result and the exception's type; no text of the exception. */
    @Override
    public String toString() {
        return number + " " + result
                + (thrown == null ? "" : " (" + thrown.getClass().getName() + ")");
    }
}
