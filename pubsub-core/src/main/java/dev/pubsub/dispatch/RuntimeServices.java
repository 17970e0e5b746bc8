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
        DeadLetterService deadLetters) {}
