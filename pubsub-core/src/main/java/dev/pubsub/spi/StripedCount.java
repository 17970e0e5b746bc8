package dev.pubsub.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that many threads raise, each mostly {@link Apart} from the others. As a
 * {@link java.util.concurrent.atomic.LongAdder}, but also the word of a thread that is alone lies apart: a LongAdder's
 * first word lies wherever the collector has put it, beside what workers write. Safe for use by any thread.
 */
public final class StripedCount {

    private static final int APART = Apart.BYTES / Long.BYTES;
    private static final int STRIPES = 4;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words = new long[(STRIPES + 2) * APART]; // bare: a wrapper would be one more object to read

    /** Adds one. */
    @SuppressWarnings("deprecation") // getId: its successor came with Java 19
    public void increment() {
        int stripe = (int) Thread.currentThread().getId() & (STRIPES - 1);
        WORD.getAndAdd(words, (stripe + 1) * APART, 1L);
    }

    /** What was added by increments that have returned, and perhaps by others under way. */
    public long sum() {
        long sum = 0;
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            sum += (long) WORD.getVolatile(words, stripe * APART);
        }
        return sum;
    }
}
