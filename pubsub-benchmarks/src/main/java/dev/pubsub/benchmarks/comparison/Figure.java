package dev.pubsub.benchmarks.comparison;

/**
 * A number that a fork gives for a case.
 *
 * @param of the case
 * @param name which of its numbers
 * @param divisor to be divided by, for example by the number of subscriptions
 */
record Figure(Case of, String name, double divisor) {

    /** Nanoseconds an operation. */
    static final String NANOS = "ns/op";

    /** Bytes that all threads together allocated an operation. */
    static final String BYTES = "bytes/op";

    static Figure nanos(Case of) {
        return new Figure(of, NANOS, 1);
    }

    static Figure bytes(Case of) {
        return new Figure(of, BYTES, 1);
    }

    Figure per(int count) {
        return new Figure(of, name, divisor * count);
    }
}
