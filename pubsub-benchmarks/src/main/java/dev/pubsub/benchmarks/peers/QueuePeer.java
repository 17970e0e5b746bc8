package dev.pubsub.benchmarks.peers;

import java.util.concurrent.BlockingQueue;

/** A bare queue between the publishers and one thread that takes. */
public final class QueuePeer implements Peer {

    private final BlockingQueue<Reading> queue;
    private final Thread consumer;

    public QueuePeer(BlockingQueue<Reading> queue, Arrivals arrivals) {
        this.queue = queue;
        consumer = Threads.daemon("queue", () -> takeAll(arrivals));
        consumer.start();
    }

    private void takeAll(Arrivals arrivals) {
        try {
            while (true) {
                arrivals.arrived(queue.take());
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Object publish(Reading reading) {
        try {
            queue.put(reading);
            return reading;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        consumer.interrupt();
    }
}
