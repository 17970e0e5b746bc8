package dev.pubsub.test;

import dev.pubsub.Delivery;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The attempts whose handlers run now. Safe for use by any thread. */
final class RunningAttempts {

    private final Set<RunningAttempt> running = ConcurrentHashMap.newKeySet();
    private volatile boolean skipping;

    RunningAttempt enter(Delivery delivery) {
        RunningAttempt attempt = new RunningAttempt(delivery);
        running.add(attempt);
        return attempt;
    }

    void exit(RunningAttempt attempt) {
        running.remove(attempt);
    }

    /** Whether attempts end as completed without their handlers, because a test is cleared away. */
    boolean isSkipping() {
        return skipping;
    }

    void skip(boolean value) {
        skipping = value;
    }

    /** Attempts of this subscription that were not ended by their deadlines. */
    List<RunningAttempt> of(String subscription) {
        return all().filter(attempt -> attempt.subscription().equals(subscription))
                .toList();
    }

    /** Attempts that were not ended by their deadlines. */
    Stream<RunningAttempt> all() {
        return running.stream().filter(attempt -> !attempt.delivery().isCancelled());
    }

    int hanging(String subscription) {
        return (int) of(subscription).stream().filter(RunningAttempt::isHanging).count();
    }
}
