package dev.pubsub.observe;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CardinalityTest {

    private static final int MANY = 10_000;

    @RegisterExtension
    final Engines engines = new Engines();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void theNumberOfMetersDependsNeitherOnTopicsNorOnIdsNorOnExceptions() throws Exception { // FAULTS 16
        PubSub engine = engines.started(
                builder -> builder.metrics(MicrometerMetrics.of(registry, true)).deadLetterCapacity(100));
        engine.subscribe(
                SubscriptionSpec.builder("s", "orders.**")
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(dev.pubsub.BreakerPolicy.builder()
                                .enabled(false)
                                .build())
                        .build(),
                (m, d) -> {
                    if (m.payload() instanceof Exception exception) {
                        throw exception;
                    }
                });
        byte[] exceptionClass = bytesOf(OneOfMany.class);
        use(engine, 0, exceptionClass);
        int baseline = registry.getMeters().size();

        for (int i = 0; i < MANY; i++) {
            use(engine, i, exceptionClass);
        }

        assertThat(registry.getMeters()).hasSize(baseline);
    }

    private static void use(PubSub engine, int i, byte[] exceptionClass) throws Exception {
        engine.publish(Message.builder("orders.of." + i, "x").id("id-" + i).build());
        engine.publish("nobody.listens." + i, "x");
        assertThatThrownBy(() -> engine.publish("bad topic " + i, "x")).isInstanceOf(InvalidMessageException.class);
        engine.publish("orders.fail." + i, ofItsOwnClass(exceptionClass));
        if (i % 500 == 0) {
            awaitQuiet(engine);
        }
    }

    /** Each time loaded anew, and so of another class. */
    public static final class OneOfMany extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static Exception ofItsOwnClass(byte[] bytes) throws Exception {
        Class<?> type = new ClassLoader(CardinalityTest.class.getClassLoader()) {
            Class<?> define() {
                return defineClass(OneOfMany.class.getName(), bytes, 0, bytes.length);
            }
        }.define();
        return (Exception) type.getDeclaredConstructor().newInstance();
    }

    private static byte[] bytesOf(Class<?> type) throws Exception {
        try (var stream = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return stream.readAllBytes();
        }
    }

    @Test
    void theMetersOfATopicGoWithTheLastSubscriptionThatNamesIt() {
        PubSub engine = engines.started(builder -> builder.metrics(MicrometerMetrics.of(registry, false)));
        var first = engine.subscribe(SubscriptionSpec.builder("a", "named").build(), (m, d) -> {});
        var second = engine.subscribe(SubscriptionSpec.builder("b", "named").build(), (m, d) -> {});
        engine.publish("named", "x");
        assertThat(registry.find("pubsub.publish").tag("topic", "named").meters())
                .isNotEmpty();

        first.close();
        assertThat(registry.find("pubsub.publish").tag("topic", "named").meters())
                .isNotEmpty();
        second.close();
        assertThat(registry.find("pubsub.publish").tag("topic", "named").meters())
                .isEmpty();

        engine.publish("named", "x");
        assertThat(registry.find("pubsub.publish").tag("topic", "named").meters())
                .isEmpty();
        assertThat(registry.find("pubsub.publish").tag("topic", "other").meters())
                .isNotEmpty();
        engine.subscribe(SubscriptionSpec.builder("a", "named").build(), (m, d) -> {});
        engine.publish("named", "x");
        assertThat(registry.find("pubsub.publish").tag("topic", "named").meters())
                .isNotEmpty();
    }

    @Test
    void allMetersGoWithTheEngine() {
        PubSub engine = engines.started(builder -> builder.metrics(MicrometerMetrics.of(registry, false)));
        engine.subscribe(SubscriptionSpec.builder("a", "named").build(), (m, d) -> {});
        engine.publish("named", "x");
        awaitQuiet(engine);
        engine.close();
        assertThat(registry.getMeters()).isEmpty();
    }
}
