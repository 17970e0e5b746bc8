package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.diagnostics.StartupFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The property names the transport, and the same handlers run on it. */
class TransportTests {

    private final ApplicationContextRunner runner =
            Starter.runner().withBean(LoopTransport.class, () -> new LoopTransport());

    @Test
    void aTransportIsUsedWhereThePropertyNamesIt() {
        runner.withPropertyValues("pubsub.transport=loop").run(context -> assertThat(
                        context.getBean(PubSub.class).snapshot().transport())
                .isEqualTo("loop"));
    }

    @Test
    void itsPresenceAloneChangesNothing() {
        runner.run(context ->
                assertThat(context.getBean(PubSub.class).snapshot().transport()).isEqualTo("memory"));
    }

    @Test
    void recordsTextAndBytesArriveAsTheyWerePublished() {
        runner.withPropertyValues("pubsub.transport=loop")
                .withBean("handlers", Handlers.class)
                .run(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    Handlers handlers = context.getBean(Handlers.class);

                    pubSub.publish("parcels", new Parcel("p-1", List.of("a", "b")));
                    pubSub.publish("parcels", Map.of("id", "p-2", "labels", List.of()));
                    pubSub.publish("texts", "text");
                    pubSub.publish("bytes", new byte[] {1, 2});

                    Starter.soon().until(() -> handlers.received.size() == 4);
                    assertThat(handlers.received)
                            .containsExactlyInAnyOrder(
                                    new Parcel("p-1", List.of("a", "b")),
                                    new Parcel("p-2", List.of()),
                                    "text",
                                    new byte[] {1, 2});
                });
    }

    @Test
    void whatIsNoJsonIsADeadLetterThatAnOperatorCanRead() {
        runner.withPropertyValues("pubsub.transport=loop")
                .withBean("handlers", Handlers.class)
                .run(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);

                    pubSub.publish("parcels", "{broken");

                    Starter.soon().until(() -> pubSub.deadLetters().size() == 1);
                    DeadLetter letter =
                            pubSub.deadLetters().find(DeadLetterQuery.all()).get(0);
                    assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDELIVERABLE);
                    assertThat(context.getBean(PayloadCodec.class)
                                    .text(letter.message().payload()))
                            .isEqualTo("{broken");
                });
    }

    @Test
    void whatTheTransportCannotDoStopsTheStart() {
        runner.withPropertyValues("pubsub.transport=loop")
                .withBean("ordered", Ordered.class)
                .run(context -> assertThat(context).getFailure().rootCause().satisfies(cause -> assertThat(
                                context.getStartupFailure())
                        .hasStackTraceContaining(StartupFailure.class.getName())
                        .hasStackTraceContaining("TransportTests$Ordered.on(String)")
                        .hasStackTraceContaining("KEY_ORDERED")));
    }

    @Test
    void onADurableTransportASubscriptionNeedsAnIdThatStays() {
        ApplicationContextRunner durable = Starter.runner()
                .withBean(LoopTransport.class, () -> new LoopTransport(Set.of(Capability.DURABLE)))
                .withPropertyValues("pubsub.transport=loop");

        durable.withBean("handlers", Handlers.class).run(context -> assertThat(context.getStartupFailure())
                .hasStackTraceContaining("has no id of its own")
                .hasStackTraceContaining("@Subscribe(id = \"handlers.on"));
        durable.withBean("named", Named.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    record Parcel(String id, List<String> labels) {}

    static class Handlers {

        final List<Object> received = new CopyOnWriteArrayList<>();

        @Subscribe("parcels")
        void onParcel(Parcel parcel) {
            received.add(parcel);
        }

        @Subscribe("texts")
        void onText(String text) {
            received.add(text);
        }

        @Subscribe("bytes")
        void onBytes(byte[] bytes) {
            received.add(bytes);
        }
    }

    static class Named {

        @Subscribe(id = "texts", value = "t")
        void on(String text) {}
    }

    static class Ordered {

        @Subscribe(value = "t", ordering = Ordering.KEY)
        void on(String text) {}
    }
}
