package dev.pubsub.engine;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PublishReceipt;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.testing.Caller;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.HeldHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever metrics throw is logged and has no other effect. */
class BrokenMetricsTest {

    @RegisterExtension
    final Engines engines = new Engines();

    private static EngineMetrics throwingAlways() {
        return (EngineMetrics) Proxy.newProxyInstance(
                BrokenMetricsTest.class.getClassLoader(),
                new Class<?>[] {EngineMetrics.class},
                (proxy, method, args) -> {
                    throw new LinkageError("metrics are broken: " + method.getName());
                });
    }

    /** Hands out meters, which throw. */
    private static EngineMetrics withThrowingMeters() {
        return (EngineMetrics) Proxy.newProxyInstance(
                BrokenMetricsTest.class.getClassLoader(),
                new Class<?>[] {EngineMetrics.class},
                (proxy, method, args) -> {
                    if (method.getReturnType() == void.class) {
                        return null;
                    }
                    return Proxy.newProxyInstance(
                            BrokenMetricsTest.class.getClassLoader(),
                            new Class<?>[] {method.getReturnType()},
                            (meter, recorded, values) -> {
                                throw new IllegalStateException("a meter is broken");
                            });
                });
    }

    @Test
    void anEngineWhoseMetricsThrowWorks() throws Exception {
        worksWith(throwingAlways());
    }

    @Test
    void anEngineWhoseMetersThrowWorks() throws Exception {
        worksWith(withThrowingMeters());
    }

    private void worksWith(EngineMetrics metrics) throws Exception {
        PubSub engine = engines.started(
                builder -> builder.metrics(metrics).maxConcurrentPublishes(1).publishTimeout(Duration.ofMinutes(1)));
        HeldHandler handler = new HeldHandler();
        var subscription = engine.subscribe(
                SubscriptionSpec.builder("s", "t").queueCapacity(1).build(), handler);

        engine.publish("t", 1);
        engine.publish("t", 2);
        Caller<PublishReceipt> waiting = Caller.of(() -> engine.publish("t", 3)).awaitWaiting(); // for room
        Caller<PublishReceipt> behind = Caller.of(() -> engine.publish("u", 4)).awaitWaiting(); // for the slot
        handler.letAllGo();
        assertThat(waiting.result().subscriptions()).isEqualTo(1);
        assertThat(behind.result().subscriptions()).isZero();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> engine.publish("not a topic", 1))
                .isInstanceOf(InvalidMessageException.class);
        assertThat(engine.publishAll(List.of(Message.of("t", 5), Message.of("not a topic", 6)))
                        .rejected())
                .isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handler.payloads()).containsExactly(1, 2, 3, 5);
        assertThat(engine.snapshot().publisher().inFlight()).isZero();
        subscription.close();
        engine.close();
    }
}
