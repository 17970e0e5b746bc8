package dev.pubsub.benchmarks.kafka;

/** One case, in a JVM of its own; its rate is the last line of its output. */
final class KafkaMeasurement {

    static final String MARK = "rate|";

    private KafkaMeasurement() {}

    /** The case's name, the broker's address and the topic. */
    public static void main(String[] arguments) {
        KafkaCase measured = KafkaCase.valueOf(arguments[0]);
        double rate = measured.measure(new KafkaCase.Work(arguments[1], arguments[2], measured.records()));
        System.out.println(MARK + rate);
        System.exit(0); // whatever threads are left
    }
}
