package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.journey.Journeys;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.spring.actuate.MessagesEndpoint;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** When journeys are kept, and that every listener among the beans is told. */
class JourneyAutoConfigurationTests {

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(Starter.autoConfigurations());

    private final WebApplicationContextRunner exposed =
            runner.withPropertyValues("management.endpoints.web.exposure.include=pubsubmessages");

    @Test
    void journeysAreKeptWhereTheirEndpointIsExposed() {
        exposed.run(context -> {
            assertThat(context).hasSingleBean(Journeys.class).hasSingleBean(MessagesEndpoint.class);
            assertThat(context.getBean(Journeys.class).capacity()).isEqualTo(1_000);
            assertThat(context.getBean(Journeys.class).perMillisecond()).isEqualTo(8);
        });
    }

    @Test
    void journeysAreNotKeptWhereNobodyCanLookAtThem() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageListener.class));
        exposed.withPropertyValues("management.endpoint.pubsubmessages.access=NONE")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageListener.class));
    }

    @Test
    void aCapacityOf0SwitchesThemOff() {
        exposed.withPropertyValues("pubsub.journey.capacity=0").run(context -> assertThat(context)
                .hasSingleBean(MessagesEndpoint.class)
                .doesNotHaveBean(MessageListener.class));
    }

    @Test
    void propertiesSayHowManyAreKept() {
        exposed.withPropertyValues("pubsub.journey.capacity=7", "pubsub.journey.per-millisecond=3")
                .run(context -> {
                    assertThat(context.getBean(Journeys.class).capacity()).isEqualTo(7);
                    assertThat(context.getBean(Journeys.class).perMillisecond()).isEqualTo(3);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "pubsub.journey.capacity, -1",
        "pubsub.journey.capacity, 1000001",
        "pubsub.journey.per-millisecond, 0",
        "pubsub.journey.per-millisecond, 1048577"
    })
    void whatIsOutOfRangeStopsTheStart(String property, String value) {
        exposed.withPropertyValues(property + "=" + value).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining(value + "; it must be from 1 to"));
    }

    @Test
    void theApplicationsOwnJourneysWin() {
        Journeys own = new Journeys(5, 5, TimeSource.system());
        exposed.withBean(Journeys.class, () -> own)
                .run(context -> assertThat(context.getBean(Journeys.class)).isSameAs(own));
    }

    @Test
    void everyListenerOfTheContextIsTold() {
        List<String> told = new CopyOnWriteArrayList<>();
        runner.withBean("one", MessageListener.class, () -> new Listener("one", told))
                .withBean("two", MessageListener.class, () -> new Listener("two", told))
                .run(context -> {
                    context.getBean(PubSub.class).publish(Message.of("nobody", "x"));
                    assertThat(told).containsExactlyInAnyOrder("one nobody", "two nobody");
                });
    }

    private record Listener(String name, List<String> told) implements MessageListener {
        @Override
        public void accepted(Message<?> message, List<String> subscriptions, List<String> filtered) {
            told.add(name + " " + message.topic());
        }
    }
}
