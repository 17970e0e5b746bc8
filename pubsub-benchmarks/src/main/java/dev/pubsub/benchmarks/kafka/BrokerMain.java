package dev.pubsub.benchmarks.kafka;

import java.io.IOException;
import java.util.Map;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** The broker of Spring Kafka's test kit, in a process of its own, until its input ends. */
final class BrokerMain {

    static final String MARK = "broker|";

    private BrokerMain() {}

    /** Says its address on standard output. */
    public static void main(String[] arguments) throws IOException {
        EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 4)
                .brokerProperties(Map.of("num.partitions", "4", "group.initial.rebalance.delay.ms", "0"));
        broker.afterPropertiesSet();
        System.out.println(MARK + broker.getBrokersAsString());
        while (System.in.read() >= 0) {
            // nobody says anything; the end of the parent ends this
        }
        broker.destroy();
        System.exit(0);
    }
}
