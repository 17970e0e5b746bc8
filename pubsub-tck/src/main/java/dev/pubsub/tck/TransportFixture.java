package dev.pubsub.tck;

import dev.pubsub.spi.Transport;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the tests of {@link TransportContract} reach a transport, and the broker behind it if there is one. One is asked
 * for before each test and closed after it; what is expensive to start may be shared behind it, since topics,
 * subscriptions and groups are named anew in every test. Its methods are called by one thread at a time.
 */
public interface TransportFixture extends AutoCloseable {

    /**
     * A transport as one more process of the application has it: of the same broker as the others that this fixture has
     * opened, and with members of its own in the groups. Closed by the engine that it is given to, or by the test. One
     * that stays within its process answers with transports that know nothing of each other.
     *
     * <p>Called once more than there are processes, to read the capabilities.
     */
    Transport open();

    /**
     * How long a test waits for what must come, at most: a broker's hand-over of what a closed process received from to
     * another process included, and its restart. Default 30 s. Nothing waits that long unless it fails.
     */
    default Duration patience() {
        return Duration.ofSeconds(30);
    }

    /**
     * Creates a topic where a broker does not do so by itself; called before the topic is used. Default: nothing.
     *
     * @throws Exception if it cannot be created, which fails the test
     */
    default void createTopic(String topic) throws Exception {}

    /**
     * Waits until this subscription's group is sure to get what is published from now on. Called after the engine has
     * subscribed. Default: nothing, since an engine's {@code subscribe} promises just that; a transport that keeps the
     * promise only for groups that the broker knows already (as one does that begins at a topic's end) waits here for
     * its first assignment.
     *
     * @throws Exception if it does not come, which fails the test
     */
    default void awaitReceiving(Transport transport, String subscriptionId) throws Exception {}

    /** The broker, if a test may stop and start it. Default: none, and the tests that need one are skipped. */
    default Optional<Broker> broker() {
        return Optional.empty();
    }

    /** Where records come from that are not ours, if there is such a place. Default: none, as {@link #broker}. */
    default Optional<ForeignPublisher> foreignPublisher() {
        return Optional.empty();
    }

    /** Frees what this test had; what is shared stays. Transports are closed before. */
    @Override
    void close() throws Exception;

    /** A broker that can be stopped and started while processes publish and receive. */
    interface Broker {

        /** Stops it; what it has acknowledged it must have again after {@link #start}. Returns once it is down. */
        void stop() throws Exception;

        /** Starts it where it was. Returns once it takes connections. */
        void start() throws Exception;
    }

    /** Publishes as a program does that knows nothing of this engine: without any header of ours. */
    @FunctionalInterface
    interface ForeignPublisher {

        /** Publishes a record, and returns once the broker has it; the key is null for none. */
        void publish(String topic, @Nullable String key, byte[] payload) throws Exception;
    }
}
