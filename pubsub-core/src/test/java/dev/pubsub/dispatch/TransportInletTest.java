package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet.Taken;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HandTransport;
import dev.pubsub.testing.HandTransport.Brought;
import dev.pubsub.testing.HandTransport.Hand;
import dev.pubsub.testing.HeldHandler;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.NumberCodec;
import dev.pubsub.testing.SlowStore;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a transport brings is handled under the same protections as what was published here. */
class TransportInletTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private final HandTransport transport = new HandTransport(Capability.KEY_ORDERED);
    private final ManualTime time = new ManualTime();
    private final List<Object> handled = new CopyOnWriteArrayList<>();

    private PubSub engine() {
        return engines.started(builder -> builder.transport(transport).payloadCodec(new NumberCodec()));
    }

    private PubSub engineWithManualTime() {
        return engines.started(
                builder -> builder.transport(transport).timeSource(time).scheduler(time));
    }

    private static SubscriptionSpec.Builder<String> texts() {
        return SubscriptionSpec.builder("s", "t").payloadType(String.class);
    }

    private Hand hand() {
        return transport.of("s");
    }

    @Test
    void aDeliveryIsHandledAndThenSettledOnce() {
        PubSub engine = engine();
        engine.subscribe(texts().build(), (m, d) -> handled.add(m.key() + " " + m.payload()));

        Brought brought = hand().bring("k", "x");

        Engines.awaitQuiet(engine);
        Soon.until(() -> !brought.outcomes().isEmpty());
        assertThat(brought.taken()).isEqualTo(Taken.TAKEN);
        assertThat(brought.outcomes()).containsExactly(Outcome.COMPLETED);
        assertThat(handled).containsExactly("k x");
    }

    @Test
    void aRetriedDeliveryIsSettledOnlyWhenItIsDone() {
        PubSub engine = engine();
        AtomicInteger attempts = new AtomicInteger();
        engine.subscribe(
                texts().retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(1))
                                .build())
                        .build(),
                (m, d) -> {
                    if (attempts.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                });

        Brought brought = hand().bring("x");

        Soon.until(() -> !brought.outcomes().isEmpty());
        assertThat(brought.outcomes()).containsExactly(Outcome.COMPLETED);
        assertThat(attempts).hasValue(3);
    }

    @Test
    void aDeadLetterIsInItsStoreBeforeItsDeliveryIsSettled() {
        PubSub engine = engine();
        engine.subscribe(texts().retry(RetryPolicy.disabled()).build(), (m, d) -> {
            throw new IllegalStateException("no");
        });

        Brought brought = hand().bring("x");

        Soon.until(() -> !brought.outcomes().isEmpty());
        assertThat(brought.outcomes()).containsExactly(Outcome.DEAD_LETTERED);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    void whereTheStoreOfDeadLettersFailsADeliveryIsNotSettledButTriedAgain() {
        AtomicInteger puts = new AtomicInteger();
        DeadLetterStore failsOnce = new MemoryDeadLetterStore(10, Duration.ofDays(1)) {
            @Override
            public void put(DeadLetter letter) {
                if (puts.getAndIncrement() == 0) {
                    throw new IllegalStateException("the store is away");
                }
                super.put(letter);
            }
        };
        PubSub engine = engines.started(builder -> builder.transport(transport)
                .deadLetterStore(failsOnce)
                .timeSource(time)
                .scheduler(time));
        AtomicInteger attempts = new AtomicInteger();
        engine.subscribe(texts().retry(RetryPolicy.disabled()).build(), (m, d) -> {
            attempts.incrementAndGet();
            throw new IllegalStateException("no");
        });

        Brought brought = hand().bring("x");

        Soon.until(() -> Engines.figures(engine, "s").parked() == 1);
        assertThat(brought.outcomes()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        Soon.until(() -> !brought.outcomes().isEmpty());
        assertThat(brought.outcomes()).containsExactly(Outcome.DEAD_LETTERED);
        assertThat(attempts).hasValue(2);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    @Test
    void deadlinesAreKeptWhileTheStoreOfDeadLettersIsSlow() {
        CountDownLatch storeIsBack = new CountDownLatch(1);
        PubSub engine = engines.started(builder -> builder.transport(transport)
                .deadLetterStore(new SlowStore(storeIsBack::await))
                .timeSource(time)
                .scheduler(time));
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        engine.subscribe(texts().concurrency(2).timeout(Duration.ofSeconds(1)).build(), (m, d) -> {
            begun.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.incrementAndGet();
            }
        });
        Brought first = hand().bring("1");
        Brought second;
        try {
            Soon.until(() -> begun.get() == 1);
            Caller<?> timer = Caller.of(() -> {
                time.advance(Duration.ofSeconds(1));
                return null;
            });
            Soon.until(() -> interrupted.get() == 1);
            second = hand().bring("2");
            Soon.until(() -> begun.get() == 2);

            Soon.until(timer::isDone);
            time.advance(Duration.ofSeconds(1));

            Soon.until(() -> interrupted.get() == 2);
            assertThat(first.outcomes()).isEmpty();
        } finally {
            storeIsBack.countDown();
        }
        Soon.until(() -> first.outcomes().size() + second.outcomes().size() == 2);
        assertThat(second.outcomes()).containsExactly(Outcome.DEAD_LETTERED);
        Engines.awaitQuiet(engine);
        Engines.assertBalanced(engine);
    }

    @Test
    void whatCannotBeDecodedIsADeadLetterWithItsBytesAndTheNextIsHandled() {
        PubSub engine = engine();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").payloadType(Long.class).build(), (m, d) -> handled.add(m.payload()));

        Brought poison = hand().bring("no number");
        hand().bring("7");

        Soon.until(() -> handled.size() == 1 && !poison.outcomes().isEmpty());
        assertThat(handled).containsExactly(7L);
        DeadLetter letter = engine.deadLetters().find(DeadLetterQuery.all()).get(0);
        assertThat(letter.reason()).isEqualTo(DeadLetter.Reason.UNDELIVERABLE);
        assertThat(((EncodedPayload) letter.message().payload()).text()).isEqualTo("no number");
    }

    @Test
    void aHandlerOfAnythingGetsTextOrBytesNeverTheirEnvelope() {
        PubSub engine = engine();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> handled.add(m.payload()));

        hand().bring(Message.builder("t", EncodedPayload.of(new byte[] {'a'}, EncodedPayload.TEXT, null))
                .build());
        hand().bring(Message.builder("t", EncodedPayload.of(new byte[] {1}, null, null))
                .build());

        Soon.until(() -> handled.size() == 2);
        assertThat(handled).containsExactly("a", new byte[] {1});
    }

    @Test
    void aConditionSeesThePayloadDecoded() {
        PubSub engine = engine();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .payloadType(Long.class)
                        .condition(m -> m.payload().equals(1L))
                        .build(),
                (m, d) -> handled.add(m.payload()));

        Brought refused = hand().bring("2");
        hand().bring("1");

        Soon.until(() -> handled.size() == 1);
        assertThat(refused.taken()).isEqualTo(Taken.FILTERED);
        assertThat(handled).containsExactly(1L);
        assertThat(Engines.figures(engine, "s").filtered()).isEqualTo(1);
        assertThat(Engines.figures(engine, "s").accepted()).isEqualTo(1);
    }

    @Test
    void aPlaceIsACreditAndWhoFoundNoneIsToldWhenThereIsAGoodPart() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").queueCapacity(3).build(), handler);
        AtomicInteger woken = new AtomicInteger();
        hand().inlet().onCredit(woken::incrementAndGet);
        assertThat(hand().inlet().credit()).isEqualTo(4);

        for (int i = 0; i < 4; i++) {
            assertThat(hand().bring("x").taken()).isEqualTo(Taken.TAKEN);
        }

        assertThat(hand().bring("y").taken()).isEqualTo(Taken.NO_CREDIT);
        assertThat(hand().inlet().credit()).isZero();
        assertThat(woken).hasValue(0);
        handler.letAllGo();
        Soon.until(() -> woken.get() == 1);
        assertThat(hand().inlet().credit()).isPositive();
    }

    @Test
    void aPausedSubscriptionHasNoCredit() {
        PubSub engine = engine();
        Subscription subscription = engine.subscribe(texts().build(), (m, d) -> handled.add(m.payload()));

        subscription.pause();

        assertThat(hand().inlet().credit()).isZero();
        assertThat(hand().bring("x").taken()).isEqualTo(Taken.NO_CREDIT);
        subscription.resume();
        assertThat(hand().bring("x").taken()).isEqualTo(Taken.TAKEN);
        Soon.until(() -> handled.size() == 1);
    }

    @Test
    void aDeliveryThatWaitsHearsOnceThatItIsForgotten() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        Brought active = hand().bring("active");
        handler.awaitBegun(1);
        Brought waiting = hand().bring("waiting");

        hand().revokeAll();

        assertThat(waiting.timesForgotten()).isEqualTo(1);
        assertThat(active.timesForgotten()).as("of the one whose handler runs").isZero();
        handler.letAllGo();
        Soon.until(() -> !active.outcomes().isEmpty());
        Engines.awaitQuiet(engine);
        assertThat(active.timesForgotten()).as("of the one that was settled").isZero();
        assertThat(waiting.outcomes()).isEmpty();
    }

    @Test
    void aRevokedDeliveryWhoseHandlerFailsIsForgottenAndHearsOfIt() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            handler.handle(m, d);
            throw new IllegalStateException("no");
        });
        Brought brought = hand().bring("x");
        handler.awaitBegun(1);

        hand().revokeAll();
        handler.letAllGo();

        Soon.until(() -> brought.timesForgotten() == 1);
        Engines.awaitQuiet(engine);
        assertThat(brought.timesForgotten()).isEqualTo(1);
        assertThat(brought.outcomes()).isEmpty();
    }

    @Test
    void whatWaitsWhenItsSubscriptionIsClosedHearsThatItIsForgotten() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        hand().bring("active");
        handler.awaitBegun(1);
        Brought waiting = hand().bring("waiting");
        Caller<Boolean> close = Caller.of(() -> {
            subscription.close();
            return true;
        });

        Soon.until(() -> waiting.timesForgotten() == 1);
        handler.letAllGo();

        assertThat(close.result()).isTrue();
        assertThat(waiting.timesForgotten()).isEqualTo(1);
        assertThat(waiting.outcomes()).isEmpty();
    }

    @Test
    void anOpenBreakerTakesOnlyWhatItNeedsToTry() {
        PubSub engine = engineWithManualTime();
        engine.subscribe(
                texts().retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.builder()
                                .slidingWindowSize(1)
                                .minimumNumberOfCalls(1)
                                .build())
                        .build(),
                (m, d) -> {
                    throw new IllegalStateException("no");
                });
        hand().bring("trips");
        Soon.until(() -> Engines.figures(engine, "s").deadLettered() == 1);

        assertThat(hand().inlet().credit()).isEqualTo(1);
        assertThat(hand().bring("probe").taken()).isEqualTo(Taken.TAKEN);
        assertThat(hand().inlet().credit()).isZero();
    }

    @Test
    void aSubscriptionThatDoesNotStartByItselfReceivesFromItsResumption() {
        PubSub engine = engine();

        Subscription subscription = engine.subscribe(texts().autoStartup(false).build(), (m, d) -> {});

        assertThat(transport.calls()).isEmpty();
        assertThat(hand().inlet().credit()).isZero();
        subscription.resume();
        assertThat(transport.calls()).containsExactly("s start");
    }

    @Test
    void aReceiverIsCalledByOneThreadAtATimeAndNotStartedBehindAStop() throws Exception {
        PubSub engine = engine();
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch mayGo = new CountDownLatch(1);
        Subscription subscription = engine.subscribe(texts().autoStartup(false).build(), (m, d) -> {});
        transport.whileStarting(() -> {
            starting.countDown();
            Soon.until(() -> mayGo.getCount() == 0);
        });
        Caller<Boolean> resume = Caller.of(() -> {
            subscription.resume();
            return true;
        });
        starting.await();

        Caller<Boolean> stop = Caller.of(() -> {
            engine.stop(Duration.ZERO);
            return true;
        });
        stop.awaitWaiting();
        mayGo.countDown();

        assertThat(resume.result() && stop.result()).isTrue();
        assertThat(transport.calls()).containsExactly("s start", "s quiesce", "s stop");
    }

    // ---- what is revoked

    @Test
    void whatWaitsAndIsRevokedIsForgotten() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        Brought active = hand().bring("active");
        handler.awaitBegun(1);
        Brought waiting = hand().bring("waiting");

        int forgotten = hand().revokeAll();

        assertThat(forgotten).isEqualTo(1);
        assertThat(Engines.figures(engine, "s").queued()).isZero();
        assertThat(Engines.figures(engine, "s").accepted()).isEqualTo(1);
        handler.letAllGo();
        Engines.awaitQuiet(engine);
        Soon.until(() -> !active.outcomes().isEmpty());
        assertThat(handler.payloads()).hasSize(1);
        assertThat(waiting.outcomes()).isEmpty();
    }

    @Test
    void aRevokedDeliveryIsNotRetried() {
        PubSub engine = engine();
        AtomicInteger attempts = new AtomicInteger();
        engine.subscribe(texts().build(), (m, d) -> {
            attempts.incrementAndGet();
            hand().revokeAll();
            throw new IllegalStateException("no");
        });

        Brought brought = hand().bring("x");

        Soon.until(() -> attempts.get() == 1);
        Engines.awaitQuiet(engine);
        assertThat(brought.outcomes()).isEmpty();
        assertThat(attempts).hasValue(1);
        assertThat(Engines.figures(engine, "s").accepted()).isZero();
    }

    @Test
    void aParkedDeliveryThatIsRevokedIsForgottenWithItsKeysFollowers() {
        PubSub engine = engineWithManualTime();
        engine.subscribe(texts().ordering(Ordering.KEY).build(), (m, d) -> {
            throw new IllegalStateException("no");
        });
        hand().bring("k", "parked");
        Soon.until(() -> Engines.figures(engine, "s").parked() == 1);
        hand().bring("k", "follows");

        assertThat(hand().revokeAll()).isEqualTo(2);

        assertThat(Engines.figures(engine, "s").parked()).isZero();
        assertThat(Engines.figures(engine, "s").queued()).isZero();
        Engines.assertBalanced(engine);
    }

    @Test
    void anAttemptOfWhatIsRevokedCanBeCancelled() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler(); // waits interruptibly
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        Brought brought = hand().bring("x");
        handler.awaitBegun(1);
        hand().revokeAll();

        hand().inlet().cancel(InboundDelivery::isRevoked);

        Engines.awaitQuiet(engine);
        assertThat(brought.outcomes()).isEmpty();
        assertThat(Engines.figures(engine, "s").accepted()).isZero();
        assertThat(Engines.figures(engine, "s").deadLettered()).isZero();
    }

    // ---- the end

    @Test
    void anEngineGivesUpReceivingOnlyOnceEverySettlementIsTold() throws Exception {
        PubSub engine = engine();
        engine.subscribe(texts().build(), (m, d) -> handled.add(m.payload()));
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch mayGo = new CountDownLatch(1);
        hand().inlet().offer(new InboundDelivery() {
            private final Message<EncodedPayload> message =
                    Message.of("t", EncodedPayload.of(new byte[] {'x'}, EncodedPayload.TEXT, null));

            @Override
            public Message<EncodedPayload> message() {
                return message;
            }

            @Override
            public boolean settled(Outcome outcome) {
                telling.countDown();
                Soon.until(() -> mayGo.getCount() == 0);
                return true;
            }

            @Override
            public boolean isRevoked() {
                return false;
            }
        });
        telling.await();

        Caller<Boolean> stop = Caller.of(() -> {
            engine.stop(Duration.ofSeconds(10));
            return true;
        });
        stop.awaitWaiting();

        assertThat(transport.calls()).containsExactly("s start", "s quiesce");
        mayGo.countDown();
        assertThat(stop.result()).isTrue();
        assertThat(transport.calls()).containsExactly("s start", "s quiesce", "s stop");
    }

    @Test
    void aClosedSubscriptionLeavesWhatWaitsToOthers() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        Subscription subscription =
                engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        Brought active = hand().bring("active");
        handler.awaitBegun(1);
        Brought waiting = hand().bring("waiting");
        handler.letAllGo();

        subscription.close();

        Soon.until(() -> !active.outcomes().isEmpty());
        assertThat(active.outcomes()).containsExactly(Outcome.COMPLETED);
        assertThat(waiting.outcomes()).doesNotContain(Outcome.DISCARDED);
        assertThat(transport.calls()).containsExactly("s start", "s quiesce", "s stop");
    }

    @Test
    void anEngineThatStopsReceivesNothingWhileItDrainsAndGivesUpWhatItReceivesFrom() throws Exception {
        PubSub engine = engine();
        HeldHandler handler = new HeldHandler();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), handler);
        hand().bring("active");
        handler.awaitBegun(1);
        Brought waiting = hand().bring("waiting");

        engine.stop(Duration.ZERO);

        assertThat(transport.calls()).containsExactly("s start", "s quiesce", "s stop");
        assertThat(waiting.outcomes()).as("somebody else's now").isEmpty();
        assertThat(Engines.figures(engine, "s").queued()).isZero();
        assertThat(Engines.figures(engine, "s").accepted()).isZero();
        handler.letAllGo();
        engine.start();
        assertThat(transport.calls()).endsWith("s start");
        engine.close();
        assertThat(transport.calls()).endsWith("close");
    }

    @Test
    void aTransportDoesNotHearOfASubscriptionWhoseIdIsTaken() {
        PubSub engine = engine();
        engine.subscribe(texts().build(), (m, d) -> handled.add(m.payload()));
        Hand first = hand();

        assertThatThrownBy(() -> engine.subscribe(texts().build(), (m, d) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already a subscription with the id 's'");

        assertThat(hand()).isSameAs(first);
        first.bring("x");
        Soon.until(() -> handled.size() == 1);
    }

    @Test
    void receiversAreStoppedTogether() {
        CountDownLatch bothStop = new CountDownLatch(2);
        transport.whileStopping(() -> {
            bothStop.countDown();
            Soon.until(() -> bothStop.getCount() == 0); // neither returns before the other was asked
        });
        PubSub engine = engine();
        engine.subscribe(texts().build(), (m, d) -> {});
        engine.subscribe(
                SubscriptionSpec.builder("u", "t").payloadType(String.class).build(), (m, d) -> {});

        engine.stop(Duration.ZERO);

        assertThat(bothStop.getCount()).isZero();
        assertThat(transport.calls()).contains("s stop", "u stop");
    }
}
