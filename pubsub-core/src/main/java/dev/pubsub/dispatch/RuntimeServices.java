package dev.pubsub.dispatch;

import dev.pubsub.Execution;
import dev.pubsub.deadletter.DeadLetterService;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.SubscriptionListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all subscriptions of an engine share. */
public record RuntimeServices(
        EngineTime time,
        Scheduler scheduler,
        WorkerThreads threads,
        Watchdog watchdog,
        Linger linger,
        DeadLetterService deadLetters,
        @Nullable Notices notices) {

    /** These; nobody listens. */
    public RuntimeServices(
            EngineTime time,
            Scheduler scheduler,
            WorkerThreads threads,
            Watchdog watchdog,
            DeadLetterService deadLetters) {
        this(time, scheduler, threads, watchdog, deadLetters, List.of());
    }

    /** These, and those who listen. */
    public RuntimeServices(
            EngineTime time,
            Scheduler scheduler,
            WorkerThreads threads,
            Watchdog watchdog,
            DeadLetterService deadLetters,
            List<SubscriptionListener> listeners) {
        this(
                time,
                scheduler,
                threads,
                watchdog,
                new Linger(),
                deadLetters,
                Notices.of(listeners, threads.executor(Execution.PLATFORM), time));
    }

    @Nullable
    StateChanges changesOf(String subscriptionId) {
        return notices == null ? null : notices.changesOf(subscriptionId);
    }
}
