package dev.pubsub.tck;

import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.Transport;
import java.time.Duration;
import java.util.Optional;

/** A broker of its own for each test, with this fault. */
final class LogFixture implements TransportFixture {

    private final LogFault fault;
    private final Duration patience;
    private final LogBroker broker;

    LogFixture(LogFault fault, Duration patience) {
        this.fault = fault;
        this.patience = patience;
        this.broker = new LogBroker(fault);
    }

    @Override
    public Transport open() {
        return new LogTransport(broker, fault);
    }

    @Override
    public void createTopic(String topic) {
        broker.create(topic);
    }

    @Override
    public Duration patience() {
        return patience;
    }

    @Override
    public Optional<Broker> broker() {
        return Optional.of(new Broker() {
            @Override
            public void stop() {
                broker.stop();
            }

            @Override
            public void start() {
                broker.start();
            }
        });
    }

    @Override
    public Optional<ForeignPublisher> foreignPublisher() {
        return Optional.of(
                (topic, key, payload) -> broker.append(Message.builder(topic, EncodedPayload.of(payload, null, null))
                        .key(key)
                        .build()));
    }

    @Override
    public void close() {
        // nothing outlives the test
    }
}
