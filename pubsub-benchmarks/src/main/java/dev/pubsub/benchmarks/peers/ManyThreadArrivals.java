package dev.pubsub.benchmarks.peers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * For handlers that run in several threads at once. Two words for each of some threads, which do not contend, and lie
 * {@link Arrivals#APART} from anything else; whoever waits looks every {@value #POLL_NANOS} ns, some thousandths of
 * what a batch takes.
 */
public final class ManyThreadArrivals implements Arrivals {

    private static final long POLL_NANOS = 20_000;
    private static final int STRIPES = 8;

    private final AtomicLongArray words = new AtomicLongArray((STRIPES + 2) * APART);
    private int expected;

    @Override
    @SuppressWarnings("deprecation") // getId: its successor came with Java 19
    public void arrived(Reading reading) {
        int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
        int count = (stripe + 1) * APART;
        words.getAndAdd(count + 1, reading.value());
        words.getAndIncrement(count); // last: who sees the count sees the sum
    }

    @Override
    public void expect(int next) {
        if (count() != expected) {
            throw new IllegalStateException("Expected " + expected + ", arrived " + count());
        }
        expected = next;
        for (int i = 0; i < words.length(); i++) {
            words.set(i, 0);
        }
    }

    @Override
    public void await(long expectedSum) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (count() < expected && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (count() != expected || sum() != expectedSum) {
            throw new IllegalStateException(
                    "Expected " + expected + ", sum " + expectedSum + "; arrived " + count() + ", sum " + sum());
        }
    }

    private long count() {
        return total(0);
    }

    private long sum() {
        return total(1);
    }

    private long total(int word) {
        long total = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            total += words.get(stripe * APART + word);
        }
        return total;
    }
}
