package dev.pubsub.benchmarks.peers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * For peers that call their handler from one thread at a time. Plain fields: whoever hands a message over between
 * threads has ordered them already, and an atomic counter would be a large part of what the fastest peers take.
 */
public final class OneThreadArrivals implements Arrivals {

    private int expected;
    private int count;
    private long sum;
    private CountDownLatch complete = new CountDownLatch(0);

    @Override
    public void arrived(Reading reading) {
        sum += reading.value();
        if (++count == expected) {
            complete.countDown();
        }
    }

    @Override
    public void expect(int next) {
        if (count != expected) {
            throw new IllegalStateException("Expected " + expected + ", arrived " + count);
        }
        expected = next;
        count = 0;
        sum = 0;
        complete = new CountDownLatch(1);
    }

    @Override
    public void await(long expectedSum) throws InterruptedException {
        boolean all = complete.await(1, TimeUnit.MINUTES);
        if (!all || count != expected || sum != expectedSum) {
            throw new IllegalStateException(
                    "Expected " + expected + ", sum " + expectedSum + "; arrived " + count + ", sum " + sum);
        }
    }
}
