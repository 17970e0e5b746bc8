package dev.pubsub.benchmarks.peers;

import dev.pubsub.Publisher;
import dev.pubsub.spring.Subscribe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * Ours with one subscription or more, each of concurrency 1. A first message occupies each worker, so that no publish
 * of the burst has one to wake: it spins until the burst begins, or is held until the burst is over.
 */
final class OurBursts implements Bursts {

    private static final String TOPIC = "readings";
    private static final Reading FIRST = new Reading(0);

    private final List<Subscriber> subscribers = new ArrayList<>();
    private final ConfigurableApplicationContext context;
    private final Publisher publisher;
    private final boolean held;

    OurBursts(int subscriptions, boolean held) {
        this.held = held;
        for (int i = 0; i < subscriptions; i++) {
            subscribers.add(new Subscriber(held));
        }
        context = Contexts.open(Application.class, subscribers.toArray());
        publisher = context.getBean(Publisher.class);
    }

    @Override
    public void prepare(int burst) throws InterruptedException {
        for (Subscriber subscriber : subscribers) {
            subscriber.prepare(burst);
        }
        int copies = publisher.publish(TOPIC, FIRST).subscriptions();
        if (copies != subscribers.size()) {
            throw new IllegalStateException("Expected " + subscribers.size() + " copies, was " + copies);
        }
        for (Subscriber subscriber : subscribers) {
            subscriber.occupied.await();
        }
    }

    @Override
    public void begin() {
        if (!held) {
            release();
        }
    }

    private void release() {
        for (Subscriber subscriber : subscribers) {
            subscriber.release();
        }
    }

    @Override
    public Object publish(Reading reading) {
        return publisher.publish(TOPIC, reading);
    }

    @Override
    public void finish(long sum) throws InterruptedException {
        release();
        for (Subscriber subscriber : subscribers) {
            subscriber.arrivals.await(sum);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static final class Subscriber {

        private final boolean held;
        private final Arrivals arrivals = new OneThreadArrivals();
        private CountDownLatch occupied = new CountDownLatch(0);
        private CountDownLatch released = new CountDownLatch(0);
        private volatile boolean free;

        Subscriber(boolean held) {
            this.held = held;
        }

        void prepare(int burst) {
            arrivals.expect(burst);
            occupied = new CountDownLatch(1);
            released = new CountDownLatch(1);
            free = false;
        }

        void release() {
            free = true;
            released.countDown();
        }

        @Subscribe(TOPIC)
        public void on(Reading reading) throws InterruptedException {
            if (reading.value() != 0) {
                arrivals.arrived(reading);
            } else {
                occupied.countDown();
                stay();
            }
        }

        private void stay() throws InterruptedException {
            if (held) {
                released.await();
            } else {
                while (!free) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
