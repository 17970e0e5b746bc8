package dev.pubsub.observe;

import static dev.pubsub.observe.RecordedObservations.high;
import static dev.pubsub.observe.RecordedObservations.low;
import static dev.pubsub.observe.RecordedObservations.parent;
import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PublishReceipt;
import dev.pubsub.QueueFullException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.Overflow;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.testing.Engines;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is observed of a publish, and what its message carries to the handlers. */
class PublishObservationTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final RecordedObservations observed = new RecordedObservations();
    private final List<Message<?>> received = new CopyOnWriteArrayList<>();
    private final List<Runnable> admissions = new ArrayList<>();
    private final List<Runnable> drops = new ArrayList<>();

    private PubSub engine() {
        return engines.started(this::traced);
    }

    private PubSubBuilder traced(PubSubBuilder builder) {
        return builder.overflow(Overflow.FAIL)
                .messageTracer(MicrometerTracer.of(observed.registry, ContextCarrier.none()));
    }

    private PubSub afterCommit() {
        CommitHook transaction = (admit, drop) -> {
            admissions.add(admit);
            drops.add(drop);
            return true;
        };
        return engines.started(builder -> traced(builder).commitHook(transaction));
    }

    private PubSub subscribed(PubSub engine) {
        engine.subscribe(
                SubscriptionSpec.builder("billing", "orders.*", "orders.created")
                        .queueCapacity(1)
                        .build(),
                (m, d) -> received.add(m));
        return engine;
    }

    @Test
    void aPublishIsObservedAsAProducerUnderNamesOfOpenTelemetry() {
        PubSub engine = subscribed(engine());

        PublishReceipt receipt = engine.publish("orders.created", "x");
        awaitQuiet(engine);

        PublishObservationContext publish = only(observed.publishes());
        assertThat(publish.getName()).isEqualTo("pubsub.message.publish");
        assertThat(publish.getContextualName()).isEqualTo("publish orders.created");
        assertThat(publish.getKind()).isEqualTo(io.micrometer.observation.transport.Kind.PRODUCER);
        assertThat(low(publish))
                .containsOnly(
                        entry("messaging.system", "pubsub"),
                        entry("messaging.operation.name", "publish"),
                        entry("messaging.operation.type", "send"),
                        entry("messaging.destination.template", "orders.created"));
        assertThat(high(publish))
                .containsOnly(
                        entry("messaging.destination.name", "orders.created"),
                        entry("messaging.message.id", receipt.messageId()),
                        entry("messaging.pubsub.copies", "1"));
    }

    @Test
    void aTopicThatNoSubscriptionNamesIsOnlyInTheKeyOfHighCardinality() {
        PubSub engine = subscribed(engine());

        engine.publish("orders.deleted", "x");
        engine.publish("nobody", "x");
        awaitQuiet(engine);

        assertThat(observed.publishes())
                .extracting(publish -> low(publish).get("messaging.destination.template"))
                .containsExactly("other", "other");
        assertThat(observed.publishes())
                .extracting(publish -> high(publish).get("messaging.destination.name"))
                .containsExactly("orders.deleted", "nobody");
        assertThat(observed.publishes())
                .extracting(PublishObservationContext::copies)
                .containsExactly(1, 0);
    }

    @Test
    void theMessageArrivesWithTheTraceparentAndIsTheSameOtherwise() {
        PubSub engine = subscribed(engine());
        Message<String> message = Message.builder("orders.created", "x")
                .key("k")
                .header("own", "1")
                .header("traceparent", "of somebody else")
                .build();

        PublishReceipt receipt = engine.publish(message);
        awaitQuiet(engine);

        Message<?> arrived = only(received);
        assertThat(arrived.headers())
                .containsExactly(entry("own", "1"), entry("traceparent", RecordedObservations.traceparent(1)));
        assertThat(arrived).isEqualTo(message);
        assertThat(arrived.id()).isEqualTo(receipt.messageId());
        assertThat(arrived.timestamp()).isEqualTo(message.timestamp());
        assertThat(arrived.key()).isEqualTo("k");
        assertThat(arrived.payload()).isSameAs(message.payload());
        assertThat(message.headers()).containsEntry("traceparent", "of somebody else");
    }

    @Test
    void whatIsAddedCountsAgainstNoLimitOfThePublisher() {
        PubSub engine = subscribed(engines.started(builder -> traced(builder).maxHeaders(1)));

        engine.publish(Message.builder("orders.created", "x").header("own", "1").build());
        awaitQuiet(engine);

        assertThat(only(received).headers()).containsOnlyKeys("own", "traceparent");
    }

    @Test
    void everyWayOfPublishingIsObserved() throws Exception {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> received.add(m));

        engine.publish("t", "1");
        engine.publish("t", "key", "2");
        engine.publish(Message.of("t", "3"));
        engine.publishAsync(Message.of("t", "4")).get(10, TimeUnit.SECONDS);
        engine.deliver(Message.of("t", "5")).get(10, TimeUnit.SECONDS);
        engine.publishAll(List.of(Message.of("t", "6"), Message.of("t", "7")));
        awaitQuiet(engine);

        assertThat(observed.publishes()).hasSize(7).allSatisfy(publish -> assertThat(publish.copies())
                .isEqualTo(1));
        assertThat(received).hasSize(7).allSatisfy(message -> assertThat(message.headers())
                .containsKey("traceparent"));
        assertThat(observed.attempts()).hasSize(7);
        assertThat(observed.stopCounts()).hasSize(14).containsOnly(1);
        assertThat(observed.scopesOpen()).isZero();
    }

    @Test
    void aPublishIsAChildOfWhatIsCurrentAndLeavesThatCurrent() {
        PubSub engine = subscribed(engine());
        Observation request = Observation.start("request", observed.registry);

        try (Observation.Scope scope = request.openScope()) {
            engine.publish("orders.created", "x");
            assertThat(observed.registry.getCurrentObservation()).isSameAs(request);
        }
        request.stop();
        awaitQuiet(engine);

        assertThat(parent(only(observed.publishes()))).hasValue(request.getContext());
    }

    @Test
    void conditionsAreAskedWithinThePublishAndSeeItsHeaders() {
        PubSub engine = engine();
        List<Object> seen = new CopyOnWriteArrayList<>();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .condition(message -> {
                            seen.add(observed.registry
                                    .getCurrentObservation()
                                    .getContext()
                                    .getName());
                            return seen.add(message.headers().get("traceparent"));
                        })
                        .build(),
                (m, d) -> {});

        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(seen).containsExactly("pubsub.message.publish", RecordedObservations.traceparent(1));
    }

    @Test
    void aRefusedPublishEndsWithItsError() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("full", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        engine.publish("t", 1);
        engine.publish("t", 2);

        assertThatThrownBy(() -> engine.publish("t", 3)).isInstanceOf(QueueFullException.class);
        assertThat(engine.publishAsync(Message.of("t", 4))).isCompletedExceptionally();
        assertThat(engine.deliver(Message.of("t", 5))).isCompletedExceptionally();
        assertThat(engine.publishAll(List.of(Message.of("t", 6))).rejected()).isEqualTo(1);

        List<PublishObservationContext> refused = observed.publishes().subList(2, 6);
        assertThat(refused)
                .extracting(publish -> low(publish).get("error.type"))
                .containsOnly(QueueFullException.class.getName());
        assertThat(observed.stopCounts()).hasSize(6).containsOnly(1);
        assertThat(observed.scopesOpen()).isZero();
    }

    @Test
    void whatIsInvalidIsRefusedBeforeThereIsAnythingToObserve() {
        PubSub engine = engine();

        assertThatThrownBy(() -> engine.publish("not a topic", "x")).isInstanceOf(InvalidMessageException.class);

        assertThat(observed.startedCount()).isZero();
    }

    @Test
    void aPublishWithinATransactionEndsWhenItIsAdmitted() {
        PubSub engine = subscribed(afterCommit());
        engine.publish("orders.created", "x");
        assertThat(observed.startedCount()).isEqualTo(1);
        assertThat(observed.publishes()).isEmpty();
        assertThat(observed.scopesOpen()).isZero();

        admissions.forEach(Runnable::run);
        awaitQuiet(engine);

        assertThat(only(observed.publishes()).copies()).isEqualTo(1);
        assertThat(parent(only(observed.attempts()))).hasValue(only(observed.publishes()));
        assertThat(only(received).headers()).containsKey("traceparent");
    }

    @Test
    void aPublishWhoseTransactionIsRolledBackEndsAsDropped() {
        PubSub engine = subscribed(afterCommit());
        engine.publish("orders.created", "x");
        engine.publishAll(List.of(Message.of("orders.created", "y")));

        drops.forEach(Runnable::run);

        assertThat(observed.publishes()).hasSize(2).allSatisfy(publish -> assertThat(publish.getError())
                .isNull());
        assertThat(observed.events())
                .containsExactly("pubsub.message.publish dropped", "pubsub.message.publish dropped");
        assertThat(observed.stopCounts()).containsOnly(1);
    }

    @Test
    void aDeliveryThatIsCancelledBeforeTheCommitEndsAsDropped() {
        PubSub engine = subscribed(afterCommit());
        CompletableFuture<?> delivery = engine.deliver(Message.of("orders.created", "x"));
        delivery.cancel(false);

        admissions.forEach(Runnable::run);

        assertThat(observed.events()).containsExactly("pubsub.message.publish dropped");
        assertThat(observed.stopCounts()).containsExactly(1);
    }

    @Test
    void aCommittedMessageThatIsRefusedEndsWithItsErrorAndItsDeadLetterKeepsTheTraceparent() {
        PubSub engine = afterCommit();
        engine.subscribe(SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), (m, d) -> {})
                .pause();
        for (int i = 0; i < 3; i++) {
            engine.publish("t", i);
        }

        admissions.forEach(Runnable::run);

        assertThat(observed.publishes().get(2).getError()).isInstanceOf(QueueFullException.class);
        assertThat(observed.stopCounts()).containsExactly(1, 1, 1);
        assertThat(only(engine.deadLetters().find(DeadLetterQuery.all()))
                        .message()
                        .headers())
                .containsEntry("traceparent", RecordedObservations.traceparent(3));
    }

    @Test
    void whereNothingHandlesObservationsAMessageStaysAsItIs() {
        ObservationRegistry nobody = ObservationRegistry.create();
        PubSub engine = subscribed(
                engines.started(builder -> builder.messageTracer(MicrometerTracer.of(nobody, ContextCarrier.none()))));
        Message<String> message = Message.of("orders.created", "x");

        engine.publish(message);
        awaitQuiet(engine);

        assertThat(only(received)).isSameAs(message);
    }

    @Test
    void conventionsCanBeReplaced() {
        PublishObservationConvention publish = new DefaultPublishObservationConvention() {
            @Override
            public String getContextualName(PublishObservationContext context) {
                return "send";
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
                return super.getLowCardinalityKeyValues(context).and("tenant", "acme");
            }
        };
        ProcessObservationConvention process = new DefaultProcessObservationConvention() {
            @Override
            public String getName() {
                return "own.name";
            }
        };
        PubSub engine = subscribed(engines.started(builder -> builder.messageTracer(
                MicrometerTracer.of(observed.registry, ContextCarrier.none()).withConventions(publish, process))));

        engine.publish("orders.created", "x");
        awaitQuiet(engine);

        assertThat(only(observed.publishes()).getContextualName()).isEqualTo("send");
        assertThat(low(only(observed.publishes()))).containsEntry("tenant", "acme");
        assertThat(only(observed.attempts()).getName()).isEqualTo("own.name");
    }

    @Test
    void aGlobalConventionOfTheRegistryCounts() {
        observed.registry.observationConfig().observationConvention(new GlobalConvention());
        PubSub engine = subscribed(engine());

        engine.publish("orders.created", "x");
        awaitQuiet(engine);

        assertThat(only(observed.publishes()).getName()).isEqualTo("global");
    }

    private static final class GlobalConvention
            implements io.micrometer.observation.GlobalObservationConvention<PublishObservationContext> {

        @Override
        public String getName() {
            return "global";
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof PublishObservationContext;
        }
    }

    @Test
    void headersAreAddedInTheirOrderAndCheckedByName() {
        Message<String> message =
                Message.builder("t", "x").header("a", "1").header("b", "2").build();
        Map<String, String> more = new LinkedHashMap<>();
        more.put("c", "3");
        more.put("a", "4");

        Message<String> extended = message.withHeaders(more);

        assertThat(extended.headers()).containsExactly(entry("a", "4"), entry("b", "2"), entry("c", "3"));
        assertThat(extended).isEqualTo(message);
        assertThat(extended.timestamp()).isEqualTo(message.timestamp());
        assertThat(message.withHeaders(Map.of())).isSameAs(message);
        assertThatThrownBy(() -> extended.headers().put("d", "5")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> message.withHeaders(Map.of("pubsub-id", "1")))
                .isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> message.withHeaders(Collections.singletonMap("e", null)))
                .isInstanceOf(InvalidMessageException.class);
    }

    private static <T> T only(List<? extends T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }
}
