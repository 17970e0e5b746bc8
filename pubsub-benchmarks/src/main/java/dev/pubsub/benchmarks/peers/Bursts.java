package dev.pubsub.benchmarks.peers;

import java.util.function.Supplier;

/** Whose publish is timed, in bursts, with an untimed preparation and an untimed end. */
public interface Bursts extends AutoCloseable {

    /** Brings the workers into the state in which a burst of that many messages shall meet them. */
    void prepare(int burst) throws InterruptedException;

    /** The first step of a burst: workers that spin may go on. */
    void begin();

    /** Publishes one message; whatever that returns, so that a benchmark can consume it. */
    Object publish(Reading reading);

    /** After a burst: waits until all of it has arrived, and checks it. */
    void finish(long sum) throws InterruptedException;

    @Override
    void close();

    /** What there is to time. */
    @SuppressWarnings("ImmutableEnumChecker") // suppliers without state, whose types cannot say so
    enum Kind {
        /** One subscription; its worker spins in a handler until the burst begins, then works it off beside it. */
        OURS_AWAKE(() -> new OurBursts(1, false)),
        /** One subscription; its worker waits in a handler until the burst is over: the publisher's side alone. */
        OURS_HELD(() -> new OurBursts(1, true)),
        OURS_10_AWAKE(() -> new OurBursts(10, false)),
        OURS_10_HELD(() -> new OurBursts(10, true)),
        /** Spring's publishEvent to an empty method with {@code @EventListener}. */
        SPRING_LISTENER_METHOD(SpringBursts::toListenerMethod),
        /** Spring's publishEvent of an ApplicationEvent to an empty ApplicationListener, which is its fastest form. */
        SPRING_LISTENER_OBJECT(SpringBursts::toListenerObject);

        private final Supplier<Bursts> opener;

        Kind(Supplier<Bursts> opener) {
            this.opener = opener;
        }

        /** Opens it, ready to be published to. */
        public Bursts open() {
            return opener.get();
        }
    }
}
