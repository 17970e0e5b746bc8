package dev.pubsub.benchmarks.peers;

import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Guava's AsyncEventBus on a pool of one thread, which matches our concurrency of 1. */
final class GuavaBus implements Peer {

    private final ExecutorService pool = Executors.newFixedThreadPool(1, Threads.daemons("guava"));
    private final AsyncEventBus bus = new AsyncEventBus(pool);

    GuavaBus(Arrivals arrivals) {
        bus.register(new Listener(arrivals));
    }

    @Override
    public Object publish(Reading reading) {
        bus.post(reading);
        return reading;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }

    static final class Listener {

        private final Arrivals arrivals;

        Listener(Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Subscribe
        public void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }
}
