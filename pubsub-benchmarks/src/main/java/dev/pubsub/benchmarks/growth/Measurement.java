package dev.pubsub.benchmarks.growth;

/** One curve or table. */
@FunctionalInterface
interface Measurement {

    /**
     * Measures.
     *
     * @param brief less, to see that it works
     */
    void measure(boolean brief, Points points) throws Exception;
}
