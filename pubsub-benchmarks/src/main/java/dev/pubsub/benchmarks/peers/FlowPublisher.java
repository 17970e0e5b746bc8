package dev.pubsub.benchmarks.peers;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;

/** The JDK's SubmissionPublisher with a buffer of 1,024 and one consumer on a pool of one thread. */
final class FlowPublisher implements Peer {

    private static final int CAPACITY = 1024;

    private final ExecutorService pool = Executors.newFixedThreadPool(1, Threads.daemons("flow"));
    private final SubmissionPublisher<Reading> publisher = new SubmissionPublisher<>(pool, CAPACITY);

    FlowPublisher(Arrivals arrivals) {
        var unused = publisher.consume(arrivals::arrived);
    }

    @Override
    public Object publish(Reading reading) {
        publisher.submit(reading);
        return reading;
    }

    @Override
    public void close() {
        publisher.close();
        pool.shutdownNow();
    }
}
