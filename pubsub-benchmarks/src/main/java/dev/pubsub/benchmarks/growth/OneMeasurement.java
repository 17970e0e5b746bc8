package dev.pubsub.benchmarks.growth;

/** A part of a question, in a JVM of its own; says what it found on standard output. */
final class OneMeasurement {

    private OneMeasurement() {}

    /** The question's name, the part, and whether in brief. */
    public static void main(String[] arguments) throws Exception {
        Points points = new Points();
        Question.valueOf(arguments[0]).measurement(arguments[1]).measure(Boolean.parseBoolean(arguments[2]), points);
        points.print();
        System.exit(0); // whatever threads are left
    }
}
