package dev.pubsub.testing;

import java.time.Duration;

/** How long something took. */
public final class Took {

    /** Something that may throw. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private Took() {}

    /** Runs it, and answers how long it took. */
    public static Duration took(Action action) throws Exception {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
