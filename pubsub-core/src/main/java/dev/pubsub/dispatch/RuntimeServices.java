package dev.pubsub.dispatch;

import dev.pubsub.deadletter.DeadLetterService;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.Scheduler;

/** What all subscriptions of an engine share. */
public record RuntimeServices(
        EngineTime time,
        Scheduler scheduler,
        WorkerThreads threads,
        Watchdog watchdog,
        Linger linger,
        DeadLetterService deadLetters) {

    /** These. */
    public RuntimeServices(
            EngineTime time,
            Scheduler scheduler,
            WorkerThreads threads,
            Watchdog watchdog,
            DeadLetterService deadLetters) {
        this(time, scheduler, threads, watchdog, new Linger(), deadLetters);
    }
}
