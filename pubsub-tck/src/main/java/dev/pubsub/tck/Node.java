package dev.pubsub.tck;

import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.Transport;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A process of the application: an engine that runs, on a transport of its own. */
final class Node implements AutoCloseable {

    private static final Duration SHORT_DRAIN = Duration.ofMillis(200);

    private final TransportFixture fixture;
    private final Transport transport;
    private final PubSub engine;

    Node(TransportFixture fixture, UnaryOperator<PubSubBuilder> settings) {
        this.fixture = fixture;
        this.transport = fixture.open();
        this.engine = settings.apply(PubSubEngine.builder().shutdownTimeout(SHORT_DRAIN))
                .transport(transport)
                .build();
        engine.start();
    }

    PubSub engine() {
        return engine;
    }

    /** Subscribes, and returns once nothing that is published from now on can be missed. */
    <T> Subscription subscribe(SubscriptionSpec.Builder<T> builder, MessageHandler<? super T> handler) {
        SubscriptionSpec<T> spec = builder.build();
        Subscription subscription = engine.subscribe(spec, handler);
        try {
            fixture.awaitReceiving(transport, spec.id());
        } catch (Exception failed) {
            throw new AssertionError("Subscription '" + spec.id() + "' does not receive", failed);
        }
        return subscription;
    }

    SubscriptionFigures figures(Subscription subscription) {
        return engine.snapshot().subscriptions().stream()
                .filter(figures -> figures.id().equals(subscription.id()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no subscription '" + subscription.id() + "'"));
    }

    /** Ends the process in good order, without waiting for handlers that do not end. */
    @Override
    public void close() {
        engine.close();
    }
}
