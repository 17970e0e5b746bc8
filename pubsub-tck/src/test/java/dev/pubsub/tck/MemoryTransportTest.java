package dev.pubsub.tck;

import dev.pubsub.spi.Transport;
import dev.pubsub.transport.memory.MemoryTransport;

/** The transport that stays within its process. */
class MemoryTransportTest extends TransportContract {

    @Override
    protected TransportFixture fixture() {
        return new TransportFixture() {
            @Override
            public Transport open() {
                return new MemoryTransport();
            }

            @Override
            public void close() {
                // it has nothing
            }
        };
    }
}
