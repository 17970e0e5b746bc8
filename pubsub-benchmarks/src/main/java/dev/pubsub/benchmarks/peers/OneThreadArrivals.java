package dev.pubsub.benchmarks.peers;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * For peers that call their handler from one thread at a time. Plain words: whoever hands a message over between
 * threads has ordered them already, and an atomic counter would be a large part of what the fastest peers take. They
 * lie {@link Arrivals#APART} from anything else: beside an object that publishers read, where the collector often laid
 * them, they cost each message of the faster peers 80 ns, be it ours or another.
 */
public final class OneThreadArrivals implements Arrivals {

    private static final int EXPECTED = APART;
    private static final int COUNT = APART + 1;
    private static final int SUM = APART + 2;

    private final long[] words = new long[SUM + 1 + APART];
    private CountDownLatch complete = new CountDownLatch(0);

    @Override
    public void arrived(Reading reading) {
        words[SUM] += reading.value();
        if (++words[COUNT] == words[EXPECTED]) {
            complete.countDown();
        }
    }

    @Override
    public void expect(int next) {
        if (words[COUNT] != words[EXPECTED]) {
            throw new IllegalStateException("Expected " + words[EXPECTED] + ", arrived " + words[COUNT]);
        }
        words[EXPECTED] = next;
        words[COUNT] = 0;
        words[SUM] = 0;
        complete = new CountDownLatch(1);
    }

    @Override
    public void await(long expectedSum) throws InterruptedException {
        boolean all = complete.await(1, TimeUnit.MINUTES);
        if (!all || words[COUNT] != words[EXPECTED] || words[SUM] != expectedSum) {
            throw new IllegalStateException("Expected " + words[EXPECTED] + ", sum " + expectedSum + "; arrived "
                    + words[COUNT] + ", sum " + words[SUM]);
        }
    }
}
