package dev.pubsub.benchmarks.kafka;

import java.util.function.Function;

/** What is measured, each time in a JVM of its own. */
enum KafkaCase {
    /** 1 KB records from a topic that is full already, to a handler that only counts. */
    CONSUME_OURS("consume, ours", 300_000, work -> Consuming.ours(work, false)),
    /** The same by {@code @KafkaListener}. */
    CONSUME_SPRING("consume, @KafkaListener", 300_000, work -> Consuming.spring(work, false)),
    /** A handler that takes 5 ms, 10,000 keys in their order, concurrency 64. */
    SLOW_OURS("handler of 5 ms, ours", 40_000, work -> Consuming.ours(work, true)),
    /** The same with 4 partitions and so with concurrency 4, since more would be idle. */
    SLOW_SPRING("handler of 5 ms, @KafkaListener", 4_000, work -> Consuming.spring(work, true)),
    /** 1 KB messages, 1,000 of them sent before the first answer is waited for. */
    PUBLISH_OURS("publish, publishAll of 1,000", 200_000, Publishing::ours),
    /** The same by KafkaTemplate. */
    PUBLISH_SPRING("publish, KafkaTemplate", 200_000, Publishing::spring);

    private final String title;
    private final int records;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state, whose type cannot say so
    private final Function<Work, Double> measurement;

    KafkaCase(String title, int records, Function<Work, Double> measurement) {
        this.title = title;
        this.records = records;
        this.measurement = measurement;
    }

    String title() {
        return title;
    }

    int records() {
        return records;
    }

    /** Records a second. */
    double measure(Work work) {
        return measurement.apply(work);
    }

    /** Where, and how many. */
    record Work(String address, String topic, int records) {}
}
