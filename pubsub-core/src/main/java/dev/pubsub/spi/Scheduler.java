package dev.pubsub.spi;

/**
 * Runs the engine's timers: deadlines, due retries, circuit breaker waits. Safe for use by any thread. Tasks are short
 * and never block; one that throws must not keep others from running.
 */
public interface Scheduler extends AutoCloseable {

    /**
     * Runs a task once, on a thread of the scheduler's own, not before the delay is over. Called after {@link #close},
     * it does nothing.
     *
     * @param delayNanos at most 365 days; 0 or less: as soon as possible
     * @return cancels the task if it has not begun; idempotent
     */
    Cancellable schedule(Runnable task, long delayNanos);

    /** Ends the threads; tasks that have not begun are dropped. Idempotent; does not wait. */
    @Override
    void close();

    /**
     * A task that looks for attempts beyond their deadlines, again and again while there are workers. While no handler
     * runs it finds nothing, and may come later: a scheduler whose time is moved by hand need not stop at each.
     */
    @FunctionalInterface
    interface DeadlineCheck extends Runnable {}

    /** Something that can be called off. */
    @FunctionalInterface
    interface Cancellable {

        /** Calls it off. Idempotent. */
        void cancel();
    }
}
