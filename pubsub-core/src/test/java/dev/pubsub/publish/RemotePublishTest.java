package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BatchReceipt;
import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.engine.Overflow;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.OutcomeUnknownException;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HandTransport;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message is given to a transport that leaves the process. */
class RemotePublishTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final HandTransport transport = new HandTransport();

    private PubSub engine() {
        return engines.started(builder -> builder.transport(transport));
    }

    private PubSub impatient() {
        return engines.started(builder -> builder.transport(transport).publishTimeout(Duration.ofMillis(20)));
    }

    private HandTransport.Sent sent(int index) {
        Soon.until(() -> transport.sent().size() > index);
        return transport.sent().get(index);
    }

    @Test
    void aPublishReturnsOnceTheOtherSideHasTakenResponsibility() throws Exception {
        PubSub engine = engine();

        Caller<PublishReceipt> call = Caller.of(() -> engine.publish("orders", "key", "text"));
        HandTransport.Sent sent = sent(0);
        assertThat(call.awaitWaiting().isDone()).isFalse();
        sent.taken();

        PublishReceipt receipt = call.result();
        assertThat(receipt.messageId()).isEqualTo(sent.message().id());
        assertThat(receipt.subscriptions()).isEqualTo(-1);
        assertThat(sent.message().topic()).isEqualTo("orders");
        assertThat(sent.message().key()).isEqualTo("key");
        assertThat(sent.message().payload().text()).isEqualTo("text");
        assertThat(sent.message().payload().contentType()).isEqualTo(EncodedPayload.TEXT);
        assertThat(engine.snapshot().publisher().accepted()).isEqualTo(1);
        assertThat(engine.snapshot().publisher().unrouted())
                .as("nobody here knows")
                .isZero();
    }

    @Test
    void aPublishThatEndsItsWaitDoesNotKnowTheOutcome() {
        PubSub engine = impatient();

        assertThatThrownBy(() -> engine.publish("t", "canary"))
                .isInstanceOfSatisfying(PublishTimeoutException.class, timeout -> {
                    assertThat(timeout.outcomeUnknown()).isTrue();
                    assertThat(timeout).hasMessageNotContaining("canary");
                });
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(1);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
    }

    @Test
    void anInterruptedPublishDoesNotKnowTheOutcome() throws Exception {
        PubSub engine = engine();
        boolean[] flag = new boolean[1];
        Caller<PublishReceipt> call = Caller.of(() -> {
            try {
                return engine.publish("t", "x");
            } finally {
                flag[0] = Thread.currentThread().isInterrupted();
            }
        });
        sent(0);

        call.awaitWaiting().thread().interrupt();

        assertThat(call.failure()).isInstanceOfSatisfying(PublishCancelledException.class, cancelled -> assertThat(
                        cancelled.outcomeUnknown())
                .isTrue());
        assertThat(flag[0]).as("the flag is restored").isTrue();
    }

    @Test
    void aRefusalOfTheOtherSideIsThePublishers() throws Exception {
        PubSub engine = engine();

        Caller<PublishReceipt> call = Caller.of(() -> engine.publish("t", "canary"));
        sent(0).answer().completeExceptionally(new IllegalStateException("no such topic"));

        assertThat(call.failure())
                .isExactlyInstanceOf(PubSubException.class)
                .hasMessageContaining("no such topic")
                .hasMessageNotContaining("canary");
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(1);
        assertThat(engine.snapshot().publisher().accepted()).isZero();
    }

    @Test
    void aTransportThatTheEngineHasClosedMeanwhileIsNotToBlame() {
        PubSub engine = engine();
        transport.whileSending(() -> {
            Caller<?> closing = Caller.of(() -> {
                engine.close();
                return null;
            });
            Soon.until(() -> closing.isDone() || engine.snapshot().state() != PubSubSnapshot.State.RUNNING);
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(() -> engine.publish("orders", "text")).isInstanceOf(PubSubClosedException.class);
    }

    @Test
    void whatTheTransportDoesNotKnowNobodyKnows() throws Exception {
        PubSub engine = engine();

        Caller<PublishReceipt> call = Caller.of(() -> engine.publish("t", "x"));
        sent(0).answer()
                .completeExceptionally(new OutcomeUnknownException("connection lost", new IllegalStateException()));

        assertThat(call.failure())
                .isInstanceOfSatisfying(PublishTimeoutException.class, unknown -> assertThat(unknown.outcomeUnknown())
                        .isTrue());
    }

    @Test
    void toFailRatherThanToWaitIsAboutSlotsAndRoomNotAboutTheAnswer() throws Exception {
        PubSub engine = engines.started(
                builder -> builder.transport(transport).overflow(Overflow.FAIL).maxConcurrentPublishes(1));

        Caller<PublishReceipt> call = Caller.of(() -> engine.publish("t", "x"));
        HandTransport.Sent sent = sent(0);

        assertThatThrownBy(() -> engine.publish("t", "y")).isInstanceOf(ConcurrencyLimitException.class);
        sent.taken();
        assertThat(call.result().subscriptions()).isEqualTo(-1);
    }

    @Test
    void anAsynchronousPublishHoldsItsSlotUntilTheAnswer() throws Exception {
        PubSub engine = engines.started(builder -> builder.transport(transport).maxConcurrentPublishes(1));

        CompletableFuture<PublishReceipt> first = engine.publishAsync(Message.of("t", "x"));
        CompletableFuture<PublishReceipt> second = engine.publishAsync(Message.of("t", "y"));

        assertThat(first).isNotDone();
        assertThat(engine.snapshot().publisher().inFlight()).isEqualTo(1);
        assertThatThrownBy(second::join).hasCauseInstanceOf(ConcurrencyLimitException.class);
        sent(0).taken();
        assertThat(first.get(10, TimeUnit.SECONDS).subscriptions()).isEqualTo(-1);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
    }

    @Test
    void anAsynchronousPublishLearnsOfARefusal() {
        PubSub engine = engine();

        CompletableFuture<PublishReceipt> receipt = engine.publishAsync(Message.of("t", "x"));
        sent(0).answer().completeExceptionally(new IllegalStateException("no"));

        assertThatThrownBy(() -> receipt.get(10, TimeUnit.SECONDS)).hasCauseExactlyInstanceOf(PubSubException.class);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(1);
    }

    @Test
    void aBatchIsSentBeforeItsFirstAnswerIsAwaited() throws Exception {
        PubSub engine = engine();

        Caller<BatchReceipt> call = Caller.of(
                () -> engine.publishAll(List.of(Message.of("t", 1L + ""), Message.of("t", "2"), Message.of("t", "3"))));
        sent(2).taken();
        sent(0).taken();
        sent(1).answer().completeExceptionally(new IllegalStateException("no"));

        BatchReceipt receipt = call.result();
        assertThat(receipt.accepted()).isEqualTo(2);
        assertThat(receipt.items().get(1).error()).isExactlyInstanceOf(PubSubException.class);
        assertThat(transport.sent())
                .extracting(one -> one.message().payload().text())
                .containsExactly("1", "2", "3");
    }

    @Test
    void aBatchHasOneTimeForAllAnswers() {
        PubSub engine = impatient();

        BatchReceipt receipt = engine.publishAll(List.of(Message.of("t", "1"), Message.of("t", "2")));

        assertThat(receipt.items()).allSatisfy(item -> assertThat(item.error())
                .isInstanceOfSatisfying(PublishTimeoutException.class, timeout -> assertThat(timeout.outcomeUnknown())
                        .isTrue()));
    }

    @Test
    void whatCannotBeEncodedIsNotSentNorShown() {
        PubSub engine = engine();

        assertThatThrownBy(() -> engine.publish("t", Map.of("canary", "canary")))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("cannot be encoded")
                .hasMessageNotContaining("canary");
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void theLimitOfPayloadsIsThatOfTheirBytes() {
        PubSub engine = engines.started(builder ->
                builder.transport(transport).maxPayloadSize(10).payloadCodec(new dev.pubsub.testing.NumberCodec()));

        assertThatThrownBy(() -> engine.publish("t", 12_345_678_901L))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("max-payload-size");
        assertThat(transport.sent()).isEmpty();
    }

    @Test
    void deliverNeedsATransportThatTellsOfSettlements() {
        PubSub engine = engine();

        assertThatThrownBy(engine.deliver(Message.of("t", "x"))::join)
                .hasCauseExactlyInstanceOf(PubSubException.class)
                .hasMessageContaining("publish it instead");
        assertThat(transport.sent()).isEmpty();
    }
}
