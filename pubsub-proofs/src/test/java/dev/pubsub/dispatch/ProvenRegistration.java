package dev.pubsub.dispatch;

import dev.pubsub.Execution;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.transport.memory.MemoryTransport;

/**
 * Subscriptions that are only registered, so that they need nothing to deliver with. Apart from
 * {@link ProvenSubscription}, because Lincheck resets all that it can reach, before each interleaving.
 */
public final class ProvenRegistration {

    private static final LiveSubscription.Registry NOWHERE = new LiveSubscription.Registry() {
        @Override
        public void unroute(LiveSubscription subscription) {}

        @Override
        public void remove(LiveSubscription subscription) {}
    };

    private ProvenRegistration() {}

    /** A subscription that is registered, and nothing else. */
    public static LiveSubscription live(SubscriptionSpec<?> spec) {
        RuntimeServices services = new RuntimeServices(
                new EngineTime(TimeSource.system()), null, new WorkerThreads(Execution.PLATFORM), null, null);
        return new LiveSubscription(
                new SubscriptionRuntime(spec, null, null, services), NOWHERE, new MemoryTransport());
    }
}
