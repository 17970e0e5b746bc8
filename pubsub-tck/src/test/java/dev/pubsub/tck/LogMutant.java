package dev.pubsub.tck;

import java.time.Duration;

/** The suite on a transport with a fault; run by {@link SuiteMutantsTest} alone. */
class LogMutant extends TransportContract {

    /** Of the thread that runs the suite, so that several may at once. */
    static final ThreadLocal<LogFault> FAULT = new ThreadLocal<>();

    /** Most of its tests fail by waiting in vain. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Override
    protected TransportFixture fixture() {
        return new LogFixture(FAULT.get(), PATIENCE);
    }
}
