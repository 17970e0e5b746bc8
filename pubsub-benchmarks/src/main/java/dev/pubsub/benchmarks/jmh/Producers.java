package dev.pubsub.benchmarks.jmh;

import dev.pubsub.benchmarks.peers.Arrivals;
import dev.pubsub.benchmarks.peers.Peer;
import dev.pubsub.benchmarks.peers.PeerKind;
import dev.pubsub.benchmarks.peers.Reading;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Publishes batches with one or more threads at once and waits until each batch has arrived. The threads beside the
 * caller's are there from the beginning and begin each batch together with it, at a barrier.
 */
public final class Producers implements AutoCloseable {

    private static final int RETURNED_KEPT = 16;

    private final int share;
    private final int count;
    private final long sum;
    private final Reading[] readings = Reading.pool();
    private final Arrivals arrivals;
    private final Peer peer;
    private final CyclicBarrier begin;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile boolean closed;

    @SuppressWarnings({"unused", "FieldCanBeLocal"}) // written, so that what publish returned has to be made
    private volatile Object[] kept = new Object[0];

    /** Opens the peer; batch: how many messages in all, a multiple of the producers. */
    public Producers(PeerKind kind, int producers, int batch) {
        share = batch / producers;
        count = share * producers;
        sum = producers * sumOf(share);
        begin = new CyclicBarrier(producers);
        arrivals = kind.newArrivals();
        peer = kind.open(arrivals);
        for (int i = 1; i < producers; i++) {
            Thread helper = new Thread(this::help, "producer-" + i);
            helper.setDaemon(true);
            helper.start();
        }
    }

    private long sumOf(int messages) {
        long total = 0;
        for (int i = 0; i < messages; i++) {
            total += readings[i & (readings.length - 1)].value();
        }
        return total;
    }

    /** Publishes a batch and returns once all of it has arrived, which is checked. */
    public long batch() throws InterruptedException, BrokenBarrierException {
        arrivals.expect(count);
        begin.await();
        publishShare();
        RuntimeException failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        arrivals.await(sum);
        return sum;
    }

    private void publishShare() {
        Object[] returned = new Object[RETURNED_KEPT];
        for (int i = 0; i < share; i++) {
            returned[i & (RETURNED_KEPT - 1)] = peer.publish(readings[i & (readings.length - 1)]);
        }
        kept = returned;
    }

    private void help() {
        try {
            begin.await();
            while (!closed) {
                publishShare();
                begin.await();
            }
        } catch (RuntimeException failed) {
            failure.set(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (BrokenBarrierException broken) {
            failure.compareAndSet(null, new IllegalStateException(broken));
        }
    }

    @Override
    public void close() throws InterruptedException, BrokenBarrierException {
        closed = true;
        if (failure.get() == null) {
            begin.await();
        }
        peer.close();
    }
}
