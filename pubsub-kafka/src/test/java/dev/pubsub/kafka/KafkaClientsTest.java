package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.PubSub;
import dev.pubsub.kafka.autoconfigure.PubSubKafkaAutoConfiguration;
import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.autoconfigure.PubSubAutoConfiguration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** The transport's clients are those of {@code spring.kafka}, and are measured as those are. */
class KafkaClientsTest {

    @RegisterExtension
    static final Broker broker = new Broker();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    PubSubAutoConfiguration.class,
                    PubSubKafkaAutoConfiguration.class,
                    KafkaAutoConfiguration.class,
                    KafkaMetricsAutoConfiguration.class))
            .withBean(MeterRegistry.class, () -> registry)
            .withBean("texts", Texts.class)
            .withPropertyValues(
                    "pubsub.transport=kafka",
                    "pubsub.publisher.timeout=20s",
                    "spring.kafka.bootstrap-servers=" + broker.addresses());

    static class Texts {

        final List<String> received = new CopyOnWriteArrayList<>();

        @Subscribe(id = "texts-clients-test", value = "texts.clients-test")
        void on(String text) {
            received.add(text);
        }
    }

    private static void exchange(ApplicationContext context) {
        context.getBean(PubSub.class).publish("texts.clients-test", "x");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> context.getBean(Texts.class).received.contains("x"));
    }

    private List<Meter> ofKafka() {
        return registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("kafka."))
                .toList();
    }

    @Test
    void theirMetersAreThereAsLongAsTheyAre() {
        runner.run(context -> {
            exchange(context);

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(ofKafka())
                        .anyMatch(meter -> meter.getId().getName().startsWith("kafka.producer.")
                                && "pubsub.producer".equals(meter.getId().getTag("spring.id")));
                assertThat(ofKafka())
                        .anyMatch(
                                meter -> meter.getId().getName().equals("kafka.consumer.fetch.manager.records.lag.max")
                                        && "pubsub-texts-clients-test"
                                                .equals(meter.getId().getTag("client.id")));
            });
        });

        assertThat(ofKafka()).isEmpty();
    }
}
