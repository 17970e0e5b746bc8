package dev.pubsub.benchmarks.peers;

import net.engio.mbassy.bus.MBassador;
import net.engio.mbassy.bus.config.BusConfiguration;
import net.engio.mbassy.bus.config.Feature;
import net.engio.mbassy.bus.error.IPublicationErrorHandler;
import net.engio.mbassy.listener.Handler;
import net.engio.mbassy.listener.Listener;
import net.engio.mbassy.listener.References;

/** MBassador with one dispatching thread, which matches our concurrency of 1, and its own queue without a bound. */
final class MbassadorBus implements Peer {

    private final MBassador<Reading> bus;

    MbassadorBus(Arrivals arrivals) {
        bus = new MBassador<>(new BusConfiguration()
                .addFeature(Feature.SyncPubSub.Default())
                .addFeature(Feature.AsynchronousHandlerInvocation.Default())
                .addFeature(Feature.AsynchronousMessageDispatch.Default().setNumberOfMessageDispatchers(1))
                .addPublicationErrorHandler(new IPublicationErrorHandler.ConsoleLogger(true)));
        bus.subscribe(new Readings(arrivals));
    }

    @Override
    public Object publish(Reading reading) {
        return bus.publishAsync(reading);
    }

    @Override
    public void close() {
        bus.shutdown();
    }

    @Listener(references = References.Strong)
    static final class Readings {

        private final Arrivals arrivals;

        Readings(Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Handler
        public void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }
}
