package dev.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.testing.Engines;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings out of range are refused where they are set, naming the setting and its limits. */
class SettingsValidationTest {

    private static final Duration YEAR = Duration.ofDays(365);

    @RegisterExtension
    final Engines engines = new Engines();

    private static void specRefuses(Function<SubscriptionSpec.Builder<Object>, ?> setting, String... naming) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.apply(SubscriptionSpec.builder("billing", "t")))
                .satisfies(refusal -> assertThat(refusal).hasMessageContainingAll(naming));
    }

    private static void engineRefuses(Function<PubSubBuilder, ?> setting, String... naming) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> setting.apply(PubSubEngine.builder()))
                .satisfies(refusal -> assertThat(refusal).hasMessageContainingAll(naming));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "billing.onOrder", "A-b_c.D"})
    void subscriptionIdsAreWords(String id) {
        assertThat(SubscriptionSpec.builder(id, "t").build().id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".a", "-a", "_a", "a b", "a/b", "é", "a\n", "a\r\nforged", "\u2028"})
    void otherSubscriptionIdsAreRefusedWithoutRepeatingThem(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSpec.builder(id, "t"))
                .withMessageContainingAll("subscription id", "1 to 100")
                .withMessageNotContaining("\n");
    }

    @Test
    void aSubscriptionIdHas100CharactersAtMost() {
        assertThat(SubscriptionSpec.builder("x".repeat(100), "t").build().id()).hasSize(100);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSpec.builder("x".repeat(101), "t"))
                .withMessageContainingAll("101", "100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "*", "**", "a.*", "a.**", "*.b", "a.*.c.**", "*.*", "dlt.*", "dlt.**"})
    void patternsAreTopicsWithWildcards(String pattern) {
        assertThat(SubscriptionSpec.builder("s", pattern).build().patterns()).containsExactly(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "a.", ".a", "a..b", "a b", "**.a", "a.**.b", "a*", "*a", "***", "a.***", "dlt", "a.dlt",
                "*.dlt", "a\n", "é"
            })
    void otherPatternsAreRefusedNamingSubscriptionAndPosition(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSpec.builder("billing", "fine", pattern))
                .withMessageContainingAll("'billing'", "topic pattern 2");
    }

    @Test
    void aPatternHas249CharactersAtMost() {
        assertThat(SubscriptionSpec.builder("s", "x".repeat(247) + ".*").build().patterns())
                .hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSpec.builder("s", "x".repeat(248) + ".*"))
                .withMessageContainingAll("250", "249");
    }

    @Test
    void aSubscriptionHasAtLeastOnePatternAndEachOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSpec.builder("billing"))
                .withMessageContaining("'billing'");
        assertThat(SubscriptionSpec.builder("s", "a", "b", "a").build().patterns())
                .containsExactly("a", "b");
    }

    @Test
    void settingsOfASubscriptionHaveLimits() {
        specRefuses(b -> b.concurrency(0), "'billing'", "concurrency is 0", "1 to 10000");
        specRefuses(b -> b.concurrency(10_001), "concurrency is 10001", "1 to 10000");
        specRefuses(b -> b.queueCapacity(0), "'billing'", "queue-capacity is 0", "1 to 10000000");
        specRefuses(b -> b.queueCapacity(Integer.MAX_VALUE), "queue-capacity");
        specRefuses(b -> b.timeout(Duration.ZERO), "'billing'", "timeout", "1 ms to 365 days");
        specRefuses(b -> b.timeout(Duration.ofMillis(-1)), "timeout");
        specRefuses(b -> b.timeout(YEAR.plusNanos(1)), "timeout");
        specRefuses(b -> b.maxAbandoned(0), "'billing'", "max-abandoned is 0");
        specRefuses(b -> b.maxAbandoned(10_001), "max-abandoned");
        specRefuses(b -> b.group(" "), "'billing'", "group");
        specRefuses(b -> b.sequenced(true).build(), "'billing'", "sequenced", "ordering");
        specRefuses(
                b -> b.sequenced(true).ordering(Ordering.KEY).deadLetter(false).build(), "sequenced", "dead-letter");
        assertThatThrownBy(() -> SubscriptionSpec.builder("s", "t").ordering(null))
                .hasMessageContaining("ordering");
    }

    @Test
    void settingsOfTheEngineHaveLimits() {
        engineRefuses(b -> b.maxConcurrentPublishes(0), "publisher.max-concurrent is 0", "1 to 100000");
        engineRefuses(b -> b.maxConcurrentPublishes(100_001), "publisher.max-concurrent");
        engineRefuses(b -> b.publishTimeout(Duration.ZERO), "publisher.timeout", "PT0S");
        engineRefuses(b -> b.publishTimeout(Duration.ofDays(2)), "publisher.timeout");
        engineRefuses(b -> b.maxBatchSize(0), "publisher.max-batch-size is 0");
        engineRefuses(b -> b.maxBatchSize(1_000_001), "publisher.max-batch-size");
        engineRefuses(b -> b.maxPayloadSize(0), "message.max-payload-size is 0");
        engineRefuses(b -> b.maxPayloadSize(1L << 31), "message.max-payload-size");
        engineRefuses(b -> b.maxHeaders(-1), "message.max-headers is -1");
        engineRefuses(b -> b.maxHeaderSize(0), "message.max-header-size is 0");
        engineRefuses(b -> b.shutdownTimeout(Duration.ofMillis(-1)), "shutdown.timeout");
        engineRefuses(b -> b.deadLetterCapacity(0), "dead-letter-store.capacity is 0");
        engineRefuses(b -> b.deadLetterRetention(Duration.ZERO), "dead-letter-store.retention");
    }

    @Test
    void settingsOfRetryAndBreakerHaveLimits() {
        for (Runnable outOfRange : List.<Runnable>of(
                () -> RetryPolicy.builder().maxAttempts(0),
                () -> RetryPolicy.builder().waitDuration(Duration.ZERO),
                () -> RetryPolicy.builder().backoffMultiplier(0.9),
                () -> RetryPolicy.builder().backoffMultiplier(Double.NaN),
                () -> RetryPolicy.builder().jitter(1.1),
                () -> BreakerPolicy.builder().slidingWindowSize(0),
                () -> BreakerPolicy.builder().failureRateThreshold(0),
                () -> BreakerPolicy.builder().slowCallRateThreshold(101),
                () -> BreakerPolicy.builder().waitDurationInOpenState(Duration.ofNanos(1)),
                () -> BreakerPolicy.builder().permittedNumberOfCallsInHalfOpenState(0),
                () -> BreakerPolicy.builder().maxProbes(0))) {
            assertThatIllegalArgumentException().isThrownBy(outOfRange::run).withMessageMatching("[a-z.-]+ is .*");
        }
    }

    @Test
    void aSecondSubscriptionOfTheSameIdIsRefusedAndTheFirstGoesOn() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("billing", "t").build(), (m, d) -> {});

        assertThatThrownBy(() -> engine.subscribe(
                        SubscriptionSpec.builder("billing", "u").build(), (m, d) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'billing'");

        assertThat(engine.publish("t", 1).subscriptions()).isEqualTo(1);
        assertThat(engine.publish("u", 1).subscriptions()).isZero();
        engine.subscription("billing").orElseThrow().close();
        assertThat(engine.subscribe(SubscriptionSpec.builder("billing", "u").build(), (m, d) -> {})
                        .state())
                .isEqualTo(Subscription.State.RUNNING);
    }
}
