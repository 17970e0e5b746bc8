package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.kafka.autoconfigure.PubSubKafkaAutoConfiguration;
import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.autoconfigure.PubSubAutoConfiguration;
import dev.pubsub.spring.autoconfigure.PubSubJacksonAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** One dependency and one property: the same handlers run on Kafka. */
class KafkaApplicationTest {

    @RegisterExtension
    static final Broker broker = new Broker();

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    PubSubAutoConfiguration.class,
                    PubSubJacksonAutoConfiguration.class,
                    PubSubKafkaAutoConfiguration.class,
                    KafkaAutoConfiguration.class,
                    JacksonAutoConfiguration.class))
            .withBean("parcels", Parcels.class);

    record Parcel(String id, int grams) {}

    static class Parcels {

        final List<Parcel> received = new CopyOnWriteArrayList<>();

        @Subscribe(id = "parcels-application-test", value = "parcels.application-test", ordering = Ordering.KEY)
        void on(Parcel parcel) {
            received.add(parcel);
        }
    }

    @Test
    void recordsTravelAsJson() {
        runner.withPropertyValues(
                        "pubsub.transport=kafka",
                        "pubsub.publisher.timeout=20s",
                        "spring.kafka.bootstrap-servers=" + broker.addresses())
                .run(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    pubSub.publish("parcels.application-test", "k", new Parcel("p-1", 200));

                    List<Parcel> received = context.getBean(Parcels.class).received;
                    await().atMost(Duration.ofSeconds(30)).until(() -> received.size() == 1);
                    assertThat(received).containsExactly(new Parcel("p-1", 200));
                    assertThat(pubSub.snapshot().transport()).isEqualTo("kafka");
                });
    }

    @Test
    void theModuleAloneChangesNothing() {
        runner.run(context -> {
            assertThat(context.getBean(PubSub.class).snapshot().transport()).isEqualTo("memory");
            assertThat(context).doesNotHaveBean(KafkaTransport.class);
        });
    }

    @Test
    void theSettingsAreBound() {
        runner.withPropertyValues(
                        "pubsub.transport=kafka",
                        "pubsub.kafka.max-ahead=0",
                        "spring.kafka.bootstrap-servers=" + broker.addresses())
                .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining("max-ahead is 0"));
    }

    @Test
    void aSourceOfCloudEventsMustBeAUri() {
        runner.withPropertyValues(
                        "pubsub.transport=kafka",
                        "pubsub.kafka.cloud-events-source=no uri",
                        "spring.kafka.bootstrap-servers=" + broker.addresses())
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining("cloud-events-source is \"no uri\""));
    }

    @Test
    void recordsAreCloudEventsOnceTheyHaveASource() {
        runner.withPropertyValues(
                        "pubsub.transport=kafka",
                        "pubsub.publisher.timeout=20s",
                        "pubsub.kafka.cloud-events-source=/parcels",
                        "spring.kafka.bootstrap-servers=" + broker.addresses())
                .withBean("cloudEvents", Headers.class)
                .run(context -> {
                    context.getBean(PubSub.class).publish("parcels.cloud-events", new Parcel("p-1", 200));

                    Headers headers = context.getBean(Headers.class);
                    await().atMost(Duration.ofSeconds(30)).until(() -> headers.received.size() == 1);
                    assertThat(headers.received.get(0))
                            .containsEntry("ce_source", "/parcels")
                            .containsEntry("ce_specversion", "1.0")
                            .containsEntry("ce_type", "parcels.cloud-events");
                });
    }

    static class Headers {

        final List<Map<String, String>> received = new CopyOnWriteArrayList<>();

        @Subscribe(id = "cloud-events", value = "parcels.cloud-events")
        void on(Message<Parcel> message) {
            received.add(message.headers());
        }
    }
}
