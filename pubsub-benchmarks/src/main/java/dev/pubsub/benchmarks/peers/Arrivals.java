package dev.pubsub.benchmarks.peers;

/** Counts and sums what arrived at a handler, one batch after another. */
public interface Arrivals {

    /** So many longs keep apart what different threads write: two cache lines, since some processors fetch pairs. */
    int APART = 128 / Long.BYTES;

    /** Called by the handler. */
    void arrived(Reading reading);

    /**
     * Called before a batch is published.
     *
     * @throws IllegalStateException if more arrived of the batch before than was published
     */
    void expect(int count);

    /**
     * Waits until the whole batch has arrived.
     *
     * @throws IllegalStateException if it has not within a minute, or its count or sum is another
     */
    void await(long sum) throws InterruptedException;
}
