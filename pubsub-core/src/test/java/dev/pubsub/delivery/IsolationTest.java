package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.MDC;

/** Whatever foreign code throws or leaves behind stays with the message that it was called for. */
class IsolationTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private static final class OfItsOwn extends Throwable {
        private static final long serialVersionUID = 1L;
    }

    private static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new LinkageError("no cause");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no stack");
        }

        @Override
        public boolean equals(Object other) {
            throw new IllegalStateException("no equality");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("no hash");
        }
    }

    static Stream<Throwable> panics() {
        return Stream.of(
                new StackOverflowError(),
                new OutOfMemoryError("not really"),
                new NoClassDefFoundError("gone"),
                new AssertionError("no"),
                new ThreadDeath(),
                new OfItsOwn());
    }

    private PubSub subscribed(PubSub engine, Throwable thrown) {
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                (m, d) -> {
                    if (m.payload().equals("bad")) {
                        IsolationTest.<RuntimeException>sneak(thrown);
                    }
                });
        engine.subscribe(SubscriptionSpec.builder("neighbour", "t").build(), (m, d) -> {});
        return engine;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static void oneBadThenManyGood(PubSub engine) {
        engine.publish("t", "bad");
        for (int i = 0; i < 1_000; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);
        assertThat(figures(engine, "s").completed()).isEqualTo(1_000);
        assertThat(figures(engine, "neighbour").completed()).isEqualTo(1_001);
    }

    @ParameterizedTest
    @MethodSource("panics")
    // FAULTS 1
    void anErrorIsAPanicThatIsDeadLetteredAndAThousandGoodMessagesFollow(Throwable thrown) {
        PubSub engine = subscribed(engines.started(), thrown);

        oneBadThenManyGood(engine);

        assertThat(figures(engine, "s").panics()).isEqualTo(1);
        assertThat(figures(engine, "s").successes()).isEqualTo(1_000);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo(Reason.PANIC);
                    assertThat(letter.exceptionType())
                            .isEqualTo(thrown.getClass().getName());
                });
        assertThat(log.lines(ch.qos.logback.classic.Level.ERROR)).hasSize(1);
    }

    @Test
    void aStackThatReallyOverflowsIsAPanicToo() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> overflow(0));
        engine.publish("t", "x");
        awaitQuiet(engine);

        assertThat(figures(engine, "s").panics()).isEqualTo(1);
        assertThat(engine.deadLetters().size()).isEqualTo(1);
    }

    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void anExceptionWhoseMethodsAllThrowIsADeadLetterLikeAnyOther() {
        PubSub engine = subscribed(engines.started(), new Hostile());

        oneBadThenManyGood(engine);

        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.reason()).isEqualTo(Reason.FAILURE);
                    assertThat(letter.exceptionType()).isEqualTo(Hostile.class.getName());
                    assertThat(letter.exceptionMessage()).isNull();
                    assertThat(letter.fingerprint()).isNotNull();
                });
    }

    private static EngineMetrics brokenMetrics(boolean evenTheFactories) {
        return broken(EngineMetrics.class, evenTheFactories);
    }

    private static <T> T broken(Class<T> type, boolean all) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (!all && method.getReturnType().isInterface()) {
                return broken(method.getReturnType(), false);
            }
            throw new IllegalStateException("metrics are down");
        }));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(booleans = {true, false})
    void metricsThatThrowDoNotKeepMessagesFromBeingDelivered(boolean evenTheFactories) {
        PubSub engine = subscribed(
                engines.started(builder -> builder.metrics(brokenMetrics(evenTheFactories))),
                new IllegalStateException("no"));

        oneBadThenManyGood(engine);

        engine.subscription("s").orElseThrow().close();
        assertThat(engine.subscription("s")).isEmpty();
    }

    @Test
    void threadContextsThatThrowDoNotKeepMessagesFromBeingDelivered() {
        PubSub engine = subscribed(
                engines.started(builder -> builder.threadContext(() -> {
                    throw new LinkageError("gone");
                })),
                new IllegalStateException("no"));

        oneBadThenManyGood(engine);
    }

    @Test
    void listenersOfResilience4jThatThrowCostNeitherARetryNorAMessage() {
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        RetryRegistry retries = RetryRegistry.ofDefaults();
        retries.retry("s").getEventPublisher().onEvent(event -> {
            throw new IllegalStateException("listener");
        });
        breakers.circuitBreaker("s").getEventPublisher().onEvent(event -> {
            throw new IllegalStateException("listener");
        });
        PubSub engine = engines.started(builder -> builder.resilience(ResilienceRegistries.of(breakers, retries)));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.builder()
                                .waitDuration(Duration.ofMillis(1))
                                .build())
                        .build(),
                (m, d) -> {
                    if (d.attempt() == 1 && m.payload().equals(0)) {
                        throw new IllegalStateException("no");
                    }
                });
        for (int i = 0; i < 100; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(figures(engine, "s").completed()).isEqualTo(100);
        assertThat(figures(engine, "s").retries()).isEqualTo(1);
    }

    // ---- what is left behind

    @Test
    // FAULTS 17
    void nothingThatAHandlerLeavesOnItsThreadIsVisibleToTheNextMessage() {
        ThreadLocal<String> security = new ThreadLocal<>();
        PubSub engine = engines.started(builder -> builder.threadContext(security::remove));
        List<Object> leaks = new CopyOnWriteArrayList<>();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                (m, d) -> {
                    threads.add(Thread.currentThread());
                    if (MDC.get("user") != null
                            || security.get() != null
                            || Thread.currentThread().isInterrupted()) {
                        leaks.add(m.payload());
                    }
                    MDC.put("user", "a");
                    security.set("a");
                    Thread.currentThread().interrupt();
                    if ((Integer) m.payload() % 2 == 0) {
                        throw new IllegalStateException("leaves it behind, too");
                    }
                });
        for (int i = 0; i < 100; i++) {
            engine.publish("t", i);
        }
        awaitQuiet(engine);

        assertThat(threads).as("the same thread").hasSizeLessThan(5);
        assertThat(leaks).isEmpty();
    }

    @Test
    // FAULTS 17
    void whatFollowsAFutureOnTheEnginesPoolLeavesNothingForAHandler() throws Exception {
        PubSub engine = engines.started();
        List<String> leaks = new CopyOnWriteArrayList<>();
        Set<Thread> callbacks = ConcurrentHashMap.newKeySet();
        Set<Thread> handlers = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 30; i++) {
            CountDownLatch followed = new CountDownLatch(1);
            engine.subscribe(SubscriptionSpec.builder("s" + i, "t" + i).build(), (m, d) -> {
                handlers.add(Thread.currentThread());
                if (MDC.get("user") != null) {
                    leaks.add(m.topic());
                }
                followed.await(); // else the callback would run on this test's own thread
            });
            CompletableFuture<Void> callback = engine.deliver(dev.pubsub.Message.of("t" + i, "x"))
                    .thenAccept(report -> {
                        MDC.put("user", "left by a callback");
                        callbacks.add(Thread.currentThread());
                    });
            followed.countDown();
            callback.join();
        }
        awaitQuiet(engine);

        assertThat(callbacks).as("some thread did both").containsAnyElementsOf(handlers);
        assertThat(leaks).isEmpty();
    }
}
