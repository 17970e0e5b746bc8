package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pattern of ours matches the same topics on Kafka. */
class TopicPatternsTest {

    @ParameterizedTest
    @CsvSource({
        "orders.*, orders.created, true",
        "orders.*, orders, false",
        "orders.*, orders.created.eu, false",
        "orders.*, ordersXcreated, false",
        "*.created, orders.created, true",
        "*.created, orders.deleted, false",
        "orders.**, orders, true",
        "orders.**, orders.created.eu, true",
        "orders.**, ordersmore, false",
        "**, anything.at.all, true",
        "**, one, true",
        "a.*.c, a.b.c, true",
        "a.*.**, a, false",
        "a.*.**, a.b, true",
        "a.*.**, a.b.c.d, true",
        "orders.*, orders.dlt, false",
        "**, orders.created.billing.dlt, false",
        "**, dlt, false",
        "**, dltx, true",
    })
    void matches(String pattern, String topic, boolean expected) {
        assertThat(TopicPatterns.expression(List.of(pattern)).matcher(topic).matches())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"orders.created, true", "orders.*, false", "orders.**, false"})
    void knowsWhatIsNoPattern(String pattern, boolean topic) {
        assertThat(TopicPatterns.areTopics(List.of(pattern))).isEqualTo(topic);
    }
}
