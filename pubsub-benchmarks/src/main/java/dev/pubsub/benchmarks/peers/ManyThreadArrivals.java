package dev.pubsub.benchmarks.peers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * For handlers that run in several threads at once. Two adders, which do not contend; whoever waits looks every
 * {@value #POLL_NANOS} ns, some thousandths of what a batch takes.
 */
public final class ManyThreadArrivals implements Arrivals {

    private static final long POLL_NANOS = 20_000;

    private final LongAdder count = new LongAdder();
    private final LongAdder sum = new LongAdder();
    private int expected;

    @Override
    public void arrived(Reading reading) {
        sum.add(reading.value());
        count.increment(); // last: who sees the count sees the sum
    }

    @Override
    public void expect(int next) {
        if (count.sum() != expected) {
            throw new IllegalStateException("Expected " + expected + ", arrived " + count.sum());
        }
        expected = next;
        count.reset();
        sum.reset();
    }

    @Override
    public void await(long expectedSum) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (count.sum() < expected && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (count.sum() != expected || sum.sum() != expectedSum) {
            throw new IllegalStateException(
                    "Expected " + expected + ", sum " + expectedSum + "; arrived " + count + ", sum " + sum);
        }
    }
}
