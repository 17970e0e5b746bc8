package dev.pubsub.spi;

/**
 * Receives the messages of one subscription, and offers them to its {@link Inlet}, no more than it has credit for. Its
 * threads are its own. The engine calls one of these methods at a time.
 */
public interface Receiver {

    /** For subscriptions that get their messages straight from the sender. */
    Receiver NONE = new Receiver() {
        @Override
        public void start() {}

        @Override
        public void quiesce() {}

        @Override
        public void stop() {}
    };

    /** Begins to receive, also again after {@link #stop}. Does not block; has no effect where it receives already. */
    void start();

    /** Offers nothing more, and still takes what is settled. Returns at once; has no effect unless started. */
    void quiesce();

    /**
     * Gives up what it receives from: what was settled is acknowledged, all else it has offered is revoked, and its
     * threads end. May block for some seconds. Has no effect unless started.
     */
    void stop();
}
