package dev.pubsub.benchmarks.peers;

import dev.pubsub.Ordering;
import dev.pubsub.Publisher;
import dev.pubsub.spring.Subscribe;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The starter with its defaults: limits, deadline, retry, breaker, metrics to a Prometheus registry. */
final class Ours implements Peer {

    private static final String TOPIC = "readings";
    private static final int KEYS = 10_000;

    private final ConfigurableApplicationContext context;
    private final Publisher publisher;

    private Ours(Class<?> configuration, Arrivals arrivals) {
        context = Contexts.open(configuration, arrivals);
        publisher = context.getBean(Publisher.class);
    }

    static Peer withDefaults(Arrivals arrivals) {
        return new Ours(Defaults.class, arrivals);
    }

    static Peer withFourWorkers(Arrivals arrivals) {
        return new Ours(FourWorkers.class, arrivals);
    }

    /** With 10,000 keys in turn. */
    static Peer keyed(Arrivals arrivals) {
        return new Keyed(new Ours(KeyedByFour.class, arrivals));
    }

    @Override
    public Object publish(Reading reading) {
        return publisher.publish(TOPIC, reading);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Keys are made beforehand, as a real key is there before the message. */
    private static final class Keyed implements Peer {

        private final Ours ours;
        private final String[] keys = new String[KEYS];
        private final ThreadLocal<int[]> next = ThreadLocal.withInitial(() -> new int[1]);

        Keyed(Ours ours) {
            this.ours = ours;
            for (int i = 0; i < KEYS; i++) {
                keys[i] = "station-" + i;
            }
        }

        @Override
        public Object publish(Reading reading) {
            int[] index = next.get();
            index[0] = index[0] + 1 == KEYS ? 0 : index[0] + 1;
            return ours.publisher.publish(TOPIC, keys[index[0]], reading);
        }

        @Override
        public void close() {
            ours.close();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Defaults {

        @Bean
        DefaultHandler handler(Arrivals arrivals) {
            return new DefaultHandler(arrivals);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class FourWorkers {

        @Bean
        FourWorkersHandler handler(Arrivals arrivals) {
            return new FourWorkersHandler(arrivals);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class KeyedByFour {

        @Bean
        KeyedHandler handler(Arrivals arrivals) {
            return new KeyedHandler(arrivals);
        }
    }

    record DefaultHandler(Arrivals arrivals) {

        @Subscribe(TOPIC)
        void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }

    record FourWorkersHandler(Arrivals arrivals) {

        @Subscribe(topics = TOPIC, concurrency = "4")
        void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }

    record KeyedHandler(Arrivals arrivals) {

        @Subscribe(topics = TOPIC, ordering = Ordering.KEY, concurrency = "4")
        void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }
}
