package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

/** Conditions in SpEL. */
class SubscribeConditionTests {

    private static final Message<Order> message = Message.builder("orders.created", new Order("A", 10))
            .header("region", "eu")
            .header("count", "42")
            .build();

    private final ApplicationContextRunner runner = Starter.runner().withBean("handler", Handler.class);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload.total > 5",
                "payload.number == 'A'",
                "payload.number.startsWith('A')",
                "message.topic == 'orders.created'",
                "message.key == null",
                "headers['region'] == 'eu'",
                "#order.total > 5",
                "#count == 42",
                "#all['region'] == 'eu'",
                "#whole.topic.endsWith('created')",
                "payload.total > ${not.set:5}"
            })
    void aConditionThatHoldsLetsTheMessageIn(String condition) {
        when(condition, message, figures -> assertThat(figures.completed()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"payload.total > 50", "headers['region'] == 'us'", "headers['absent'] != null", "#count == 1"})
    void aRefusedCopyIsCountedAsFilteredAndInNoOtherFigure(String condition) {
        when(condition, message, figures -> {
            assertThat(figures.filtered()).isEqualTo(1);
            assertThat(figures.accepted()).isZero();
        });
    }

    @Test
    void thePayloadIsSeenAsTheHandlerTakesIt() {
        Message<?> json = Message.builder("orders.created", "{\"number\":\"A\",\"total\":10}")
                .header("count", "42")
                .build();
        when("payload.total == 10 and #order.number == 'A'", json, figures -> assertThat(figures.completed())
                .isEqualTo(1));
    }

    @Test
    void aConditionThatThrowsMakesItsCopyUndeliverable() {
        runner.withPropertyValues("pubsub.subscriptions.handler.on.condition=payload.total / 0 > 1")
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(deliver(pubSub, message).outcomes()).containsEntry("handler.on", Outcome.DEAD_LETTERED);
                    DeadLetter letter =
                            pubSub.deadLetters().find(DeadLetterQuery.all()).get(0);
                    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDELIVERABLE);
                }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@handler != null",
                "T(java.lang.Runtime).getRuntime() != null",
                "new java.lang.String('x') == 'x'"
            })
    void beansTypesAndConstructorsAreOutOfReach(String condition) {
        when(condition, message, figures -> assertThat(figures.deadLettered()).isEqualTo(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(payload.number = 'X') == 'X'",
                "(#order.number = 'X') == 'X'",
                "(#all['region'] = 'x') == 'x'",
                "(headers['region'] = 'x') == 'x'"
            })
    void aConditionAssignsNothing(String condition) {
        Changeable payload = new Changeable("A");
        Message<?> changeable =
                Message.builder("things", payload).header("region", "eu").build();
        Starter.runner()
                .withBean("handler", ChangeableHandler.class)
                .withPropertyValues("pubsub.subscriptions.handler.on.condition=" + condition)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(deliver(pubSub, changeable).outcomes())
                            .containsEntry("handler.on", Outcome.DEAD_LETTERED);
                    assertThat(payload.getNumber()).isEqualTo("A");
                    assertThat(changeable.headers()).containsEntry("region", "eu");
                }));
    }

    private void when(String condition, Message<?> published, java.util.function.Consumer<SubscriptionFigures> check) {
        runner.withPropertyValues("pubsub.subscriptions.handler.on.condition=" + condition)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    deliver(pubSub, published);
                    check.accept(pubSub.snapshot().subscriptions().get(0));
                }));
    }

    public static class Changeable {
        private String number;

        Changeable(String number) {
            this.number = number;
        }

        public String getNumber() {
            return number;
        }

        public void setNumber(String number) {
            this.number = number;
        }
    }

    static class ChangeableHandler {
        @Subscribe("things")
        void on(Changeable order, @Headers Map<String, String> all) {}
    }

    static class Handler {
        @Subscribe("orders.created")
        void on(Order order, Message<Order> whole, @Header("count") int count, @Headers Map<String, String> all) {}
    }
}
