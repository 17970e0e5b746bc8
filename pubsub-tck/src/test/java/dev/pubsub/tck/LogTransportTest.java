package dev.pubsub.tck;

import java.time.Duration;

/** The reference of a transport that leaves its process, and with it the engine's remote path. */
class LogTransportTest extends TransportContract {

    @Override
    protected TransportFixture fixture() {
        return new LogFixture(LogFault.NONE, Duration.ofSeconds(20));
    }
}
