package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/** What a handler's parameters are given. */
class SubscribeArgumentsTests {

    private static final Received received = new Received();
    private static final Message<Order> message = Message.builder("orders.created", new Order("A", 1))
            .key("k1")
            .header("region", "eu")
            .header("count", "42")
            .build();

    private final ApplicationContextRunner runner = Starter.runner();

    @BeforeEach
    void reset() {
        received.values().clear();
    }

    @Test
    void allKindsOfParametersInAnyOrder() {
        handledBy(Everything.class);
        assertThat(received.values())
                .containsExactly("Everything", 42, message, message.payload(), message.headers(), 1);
    }

    @Test
    void theEnginesOwnNamesOfHeaders() {
        handledBy(OwnHeaders.class);
        assertThat(received.values()).containsExactly("orders.created", "k1", message.id(), 1, message.timestamp());
    }

    @Test
    void aMessageAloneGivesTheTypeOfThePayload() {
        runner.withBean("handler", MessageAlone.class).run(context -> assertThat(context.getBean(PubSub.class)
                        .subscription("handler.on")
                        .orElseThrow()
                        .spec()
                        .payloadType())
                .isEqualTo(Order.class));
    }

    @Test
    void aMessageOfWhateverMeansNoConversion() {
        runner.withBean("handler", MessageOfWhatever.class).run(context -> assertThat(context.getBean(PubSub.class)
                        .subscription("handler.on")
                        .orElseThrow()
                        .spec()
                        .payloadType())
                .isEqualTo(Object.class));
    }

    @Test
    void theElementsOfADecodedListAreOfTheirType() {
        runner.withBean("handler", ListOfOrders.class).run(balanced(context -> {
            Message<?> json = Message.of("orders.created", "[{\"number\":\"A\",\"total\":1}]");
            assertThat(outcome(context.getBean(PubSub.class), "handler.on", json))
                    .isEqualTo(Outcome.COMPLETED);
            assertThat(received.values()).containsExactly(new Order("A", 1));
        }));
    }

    @Test
    void aPrimitiveParameterTakesThePayload() {
        runner.withBean("handler", Primitive.class).run(balanced(context -> {
            assertThat(outcome(context.getBean(PubSub.class), "handler.on", Message.of("numbers", 7)))
                    .isEqualTo(Outcome.COMPLETED);
            assertThat(received.values()).containsExactly(7L);
        }));
    }

    @Test
    void noParameterAtAll() {
        handledBy(Nothing.class);
        assertThat(received.values()).containsExactly("called");
    }

    @Test
    void anOptionalHeaderMayBeMissing() {
        handledBy(Missing.class);
        assertThat(received.values()).containsExactly("no nullable", "no optional", "no flag", "fallback", 5);
    }

    @Test
    void aMissingRequiredHeaderMakesTheMessageUndeliverable() {
        undeliverable(Required.class, "The message has no header 'absent', which parameter 'absent' requires");
    }

    @Test
    void aHeaderThatCannotBeConvertedMakesTheMessageUndeliverableWithoutShowingItsValue() {
        undeliverable(Inconvertible.class, "The header 'region' cannot be converted to java.lang.Integer");
    }

    @Test
    void headersCannotBeChanged() {
        undeliverableOr(Mutates.class, DeadLetter.Reason.FAILURE);
    }

    private void handledBy(Class<?> handler) {
        runner.withBean("handler", handler)
                .run(balanced(context -> assertThat(outcome(context.getBean(PubSub.class), "handler.on", message))
                        .isEqualTo(Outcome.COMPLETED)));
    }

    private void undeliverable(Class<?> handler, String text) {
        DeadLetter letter = undeliverableOr(handler, DeadLetter.Reason.UNDELIVERABLE);
        assertThat(letter.exceptionMessage()).startsWith(text).doesNotContain("eu");
        assertThat(letter.attempts()).isLessThanOrEqualTo(1);
    }

    private DeadLetter undeliverableOr(Class<?> handler, DeadLetter.Reason reason) {
        DeadLetter[] letter = new DeadLetter[1];
        runner.withBean("handler", handler).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            assertThat(outcome(pubSub, "handler.on", message)).isEqualTo(Outcome.DEAD_LETTERED);
            letter[0] = pubSub.deadLetters().find(DeadLetterQuery.all()).get(0);
            assertThat(letter[0].reason()).isEqualTo(reason);
        }));
        return letter[0];
    }

    static class Everything {
        @Subscribe("orders.created")
        void on(
                @Header("count") int count,
                Message<Order> whole,
                @Payload Order order,
                @Headers Map<String, String> headers,
                Delivery delivery) {
            received.add("Everything");
            received.add(count);
            received.add(whole);
            received.add(order);
            received.add(headers);
            received.add(delivery.attempt());
        }
    }

    static class OwnHeaders {
        @Subscribe("orders.created")
        void on(
                @Header(PubSubHeaders.TOPIC) String topic,
                @Header(PubSubHeaders.KEY) String key,
                @Header(PubSubHeaders.ID) String id,
                @Header(PubSubHeaders.ATTEMPT) int attempt,
                @Header(PubSubHeaders.TIMESTAMP) Instant timestamp) {
            received.add(topic);
            received.add(key);
            received.add(id);
            received.add(attempt);
            received.add(timestamp);
        }
    }

    static class MessageAlone {
        @Subscribe("orders.created")
        void on(Message<Order> message) {}
    }

    static class MessageOfWhatever {
        @Subscribe("orders.created")
        void on(Message<?> message) {}
    }

    static class ListOfOrders {
        @Subscribe("orders.created")
        void on(List<Order> orders) {
            for (Order order : orders) {
                received.add(order);
            }
        }
    }

    static class Primitive {
        @Subscribe("numbers")
        void on(long number) {
            received.add(number);
        }
    }

    static class Nothing {
        @Subscribe("orders.created")
        void on() {
            received.add("called");
        }
    }

    static class Missing {
        @Subscribe("orders.created")
        void on(
                @Header("absent") @Nullable String nullable,
                @Header("absent") Optional<Integer> optional,
                @Header(name = "absent", required = false) String flag,
                @Header(name = "absent", defaultValue = "${not.set:fallback}") String otherwise,
                @Header(name = "absent", defaultValue = "5") int number) {
            received.add(nullable == null ? "no nullable" : "nullable");
            received.add(optional.isEmpty() ? "no optional" : "optional");
            received.add(flag == null ? "no flag" : "flag");
            received.add(otherwise);
            received.add(number);
        }
    }

    static class Required {
        @Subscribe("orders.created")
        void on(@Header String absent) {}
    }

    static class Inconvertible {
        @Subscribe("orders.created")
        void on(@Header("region") Integer region) {}
    }

    static class Mutates {
        @Subscribe("orders.created")
        void on(@Headers Map<String, String> headers) {
            headers.put("region", "us");
        }
    }
}
