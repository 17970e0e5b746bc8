package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What comes from outside appears in the log on one line, escaped and capped; payloads and headers never do. */
class LogInjectionTest {

    private static final String EVIL = "evil\r\nFORGED one\n\u001b[31mred\u0000\u0085\u2028FORGED two\u202e\ud800";
    private static final String CANARY = "c4nary";

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog(Level.ALL);

    private static Message<String> message(String topic) {
        return Message.builder(topic, CANARY + " payload")
                .id("id\u202e\u200bFORGED")
                .key(CANARY + " key")
                .header("h", CANARY + " value")
                .build();
    }

    private void nothingWasForged() {
        assertThat(log.messages()).isNotEmpty().allSatisfy(line -> {
            assertThat(line).matches("[\\x20-\\x7e]*").hasSizeLessThan(1_500);
            assertThat(line).doesNotContain(CANARY);
        });
        assertThat(log.traces()).allSatisfy(trace -> assertThat(
                        trace.lines().filter(line -> !line.matches("[\\t\\x20-\\x7e]*") || line.startsWith("FORGED")))
                .isEmpty());
    }

    // FAULTS 39
    @Test
    void theTextOfAHandlersExceptionIsEscapedAndCapped() {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").retry(RetryPolicy.disabled()).build(), (m, d) -> {
                    throw new IllegalStateException(EVIL + "x".repeat(1 << 20));
                });
        engine.subscribe(SubscriptionSpec.builder("p", "t").build(), (m, d) -> {
            throw new StackOverflowError(EVIL);
        });
        engine.subscribe(SubscriptionSpec.builder("r", "t").deadLetter(false).build(), (m, d) -> {
            throw new RejectMessageException(EVIL);
        });

        engine.publish(message("t"));

        awaitQuiet(engine);
        nothingWasForged();
        assertThat(log.messages())
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(line -> line.contains("evil\\u000D\\u000AFORGED one"));
    }

    // FAULTS 37
    @Test
    void anExceptionTextOfAMegabyteIsCutShortInTheDeadLetter() {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").retry(RetryPolicy.disabled()).build(), (m, d) -> {
                    throw deep(100, new IllegalStateException("x".repeat(1 << 20)));
                });

        engine.publish("t", 1);

        awaitQuiet(engine);
        assertThat(engine.deadLetters().find(DeadLetterQuery.all()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.exceptionMessage()).hasSizeLessThanOrEqualTo(1_001);
                    assertThat(letter.stackTrace()).hasSizeLessThanOrEqualTo(4_100);
                });
    }

    private static RuntimeException deep(int causes, RuntimeException root) {
        RuntimeException thrown = root;
        for (int i = 0; i < causes; i++) {
            thrown = new IllegalStateException("x".repeat(1_000), thrown);
        }
        return thrown;
    }

    // FAULTS 39
    @Test
    void aTopicOrHeaderThatIsRefusedIsNotLoggedAtAll() {
        PubSub engine = engines.started();

        assertThat(catchThrowable(() -> engine.publish(EVIL, 1))).hasMessageMatching("[\\x20-\\x7e]*");
        assertThat(catchThrowable(() ->
                        engine.publish(Message.builder("t", 1).header("h", EVIL).build())))
                .hasMessageMatching("[\\x20-\\x7e]*");
        assertThat(catchThrowable(() ->
                        engine.publish(Message.builder("t", 1).header(EVIL, "v").build())))
                .hasMessageMatching("[\\x20-\\x7e]*");
        assertThat(catchThrowable(() -> engine.publish("t", EVIL, 1))).hasMessageMatching("[\\x20-\\x7e]*");

        assertThat(log.messages()).noneMatch(line -> line.contains("FORGED"));
    }

    // FAULTS 39
    @Test
    void theTextOfAConditionsExceptionIsEscaped() {
        PubSub engine = engines.started();
        engine.subscribe(
                SubscriptionSpec.builder("s", "t")
                        .condition(m -> {
                            throw new IllegalStateException(EVIL);
                        })
                        .build(),
                (m, d) -> {});

        engine.publish(message("t"));

        awaitQuiet(engine);
        nothingWasForged();
    }

    // FAULTS 39
    @Test
    void theTraceOfAForeignPredicatesExceptionIsEscapedWithItsCauses() {
        CircuitBreakerRegistry registry = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .recordException(thrown -> {
                    throw new IllegalStateException(EVIL, new IllegalArgumentException(EVIL, thrown));
                })
                .build());
        registry.circuitBreaker("s");
        PubSub engine = engines.started(builder -> builder.resilience(ResilienceRegistries.of(registry, null)));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {
            throw new IllegalStateException(EVIL);
        });

        engine.publish(message("t"));

        awaitQuiet(engine);
        nothingWasForged();
        assertThat(log.traces()).as("the frames are shown").anyMatch(trace -> trace.contains("LogInjectionTest"));
    }
}
