package dev.pubsub.benchmarks.kafka;

import dev.pubsub.BatchReceipt;
import dev.pubsub.Message;
import dev.pubsub.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

/** Spring Boot applications that publish by one thread, 1,000 records before the first answer is waited for. */
final class Publishing {

    private static final int WINDOW = 1_000;

    private Publishing() {}

    static double ours(KafkaCase.Work work) {
        try (ConfigurableApplicationContext context =
                Applications.open(Empty.class, work, Map.of("pubsub.transport", "kafka"))) {
            Publisher publisher = context.getBean(Publisher.class);
            byte[] payload = new byte[Records.BYTES];
            return rate(work.records(), first -> {
                List<Message<byte[]>> batch = new ArrayList<>(WINDOW);
                for (int i = 0; i < WINDOW; i++) {
                    batch.add(Message.of(work.topic(), Records.key(first + i), payload));
                }
                BatchReceipt receipt = publisher.publishAll(batch);
                if (receipt.rejected() > 0) {
                    throw new IllegalStateException(receipt.rejected() + " messages were rejected");
                }
            });
        }
    }

    static double spring(KafkaCase.Work work) {
        Map<String, Object> settings = Map.of(
                "pubsub.enabled",
                "false",
                "spring.kafka.producer.acks",
                "all",
                "spring.kafka.producer.value-serializer",
                "org.apache.kafka.common.serialization.ByteArraySerializer");
        try (ConfigurableApplicationContext context = Applications.open(Empty.class, work, settings)) {
            @SuppressWarnings("unchecked")
            KafkaTemplate<String, byte[]> template = context.getBean(KafkaTemplate.class);
            byte[] payload = new byte[Records.BYTES];
            return rate(work.records(), first -> {
                List<CompletableFuture<?>> answers = new ArrayList<>(WINDOW);
                for (int i = 0; i < WINDOW; i++) {
                    answers.add(template.send(work.topic(), Records.key(first + i), payload));
                }
                answers.forEach(CompletableFuture::join);
            });
        }
    }

    /** The first half warms up. */
    private static double rate(int records, Window window) {
        long start = 0;
        for (int first = 0; first < records; first += WINDOW) {
            if (first == records / 2) {
                start = System.nanoTime();
            }
            window.publishFrom(first);
        }
        return (records - records / 2) * 1e9 / (System.nanoTime() - start);
    }

    @FunctionalInterface
    private interface Window {

        void publishFrom(int first);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Empty {}
}
