package dev.pubsub.benchmarks.peers;

import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;

/**
 * A unicast sink with a queue of 1,024 and one subscriber on a scheduler of one thread. A sink neither waits for room
 * nor for another producer; its callers try again, and yield in between.
 */
final class ReactorSink implements Peer {

    private static final int CAPACITY = 1024;

    private final Scheduler scheduler = Schedulers.newSingle("reactor", true);
    private final Sinks.Many<Reading> sink = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<Reading>get(CAPACITY).get());
    private final Disposable subscription;

    ReactorSink(Arrivals arrivals) {
        subscription = sink.asFlux().publishOn(scheduler).subscribe(arrivals::arrived);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // the way of Reactor's own handlers of this kind: to spin
    public Object publish(Reading reading) {
        sink.emitNext(reading, (signal, result) -> {
            boolean again = result == Sinks.EmitResult.FAIL_OVERFLOW || result == Sinks.EmitResult.FAIL_NON_SERIALIZED;
            if (again) {
                Thread.yield();
            }
            return again;
        });
        return reading;
    }

    @Override
    public void close() {
        subscription.dispose();
        scheduler.dispose();
    }
}
