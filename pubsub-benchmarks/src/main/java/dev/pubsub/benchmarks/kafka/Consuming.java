package dev.pubsub.benchmarks.kafka;

import dev.pubsub.Ordering;
import dev.pubsub.spring.Subscribe;
import java.util.Map;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.KafkaListener;

/** Spring Boot applications that read a topic from its beginning. */
final class Consuming {

    private Consuming() {}

    static double ours(KafkaCase.Work work, boolean slow) {
        Map<String, Object> settings = Map.of("pubsub.transport", "kafka");
        return rate(slow ? OursKeyed.class : Ours.class, work, slow, settings);
    }

    static double spring(KafkaCase.Work work, boolean slow) {
        Map<String, Object> settings = Map.of(
                "pubsub.enabled",
                "false",
                "spring.kafka.consumer.auto-offset-reset",
                "earliest",
                "spring.kafka.consumer.group-id",
                "listener-" + System.nanoTime(),
                "spring.kafka.consumer.value-deserializer",
                "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "spring.kafka.listener.concurrency",
                slow ? 4 : 1);
        return rate(Listening.class, work, slow, settings);
    }

    private static double rate(
            Class<?> configuration, KafkaCase.Work work, boolean slow, Map<String, Object> settings) {
        Arrived arrived = new Arrived(work.records(), slow);
        try (ConfigurableApplicationContext context = Applications.open(configuration, work, settings, arrived)) {
            return arrived.awaitRate();
        }
    }

    /** One worker, without order: the defaults. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Ours {

        @Bean
        OurHandler handler(Arrived arrived) {
            return new OurHandler(arrived);
        }
    }

    record OurHandler(Arrived arrived) {

        @Subscribe(id = "bench", topics = "${bench.topic}", group = "${bench.group}")
        void on(byte[] payload) {
            arrived.handle(payload);
        }
    }

    /** 64 workers, each key in its order. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OursKeyed {

        @Bean
        OurKeyedHandler handler(Arrived arrived) {
            return new OurKeyedHandler(arrived);
        }
    }

    record OurKeyedHandler(Arrived arrived) {

        @Subscribe(
                id = "bench",
                topics = "${bench.topic}",
                group = "${bench.group}",
                ordering = Ordering.KEY,
                concurrency = "64")
        void on(byte[] payload) {
            arrived.handle(payload);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Listening {

        @Bean
        Listener listener(Arrived arrived) {
            return new Listener(arrived);
        }
    }

    static class Listener {

        private final Arrived arrived;

        Listener(Arrived arrived) {
            this.arrived = arrived;
        }

        @KafkaListener(topics = "${bench.topic}")
        public void on(byte[] payload) {
            arrived.handle(payload);
        }
    }
}
