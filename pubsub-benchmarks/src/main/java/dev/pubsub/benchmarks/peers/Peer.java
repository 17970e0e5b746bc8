package dev.pubsub.benchmarks.peers;

/** A way to publish, open and with one handler that reports to {@link Arrivals}. */
public interface Peer extends AutoCloseable {

    /**
     * Publishes as a user of it would; waits where it has a bound and is full. Called by several threads at once.
     *
     * @return what its publish returns, to be kept as a caller may, so that no compiler spares its allocation; where it
     *     returns nothing, the reading
     */
    Object publish(Reading reading);

    @Override
    void close();
}
