package dev.pubsub.benchmarks.peers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Spring's application events, with a listener in the publisher's thread, or in those of Boot's task executor. */
final class SpringEvents implements Peer {

    private final ConfigurableApplicationContext context;
    private final ApplicationEventPublisher publisher;

    private SpringEvents(Class<?> configuration, Arrivals arrivals) {
        context = Contexts.openWithoutPubSub(configuration, arrivals);
        publisher = context;
    }

    static Peer synchronous(Arrivals arrivals) {
        return new SpringEvents(Synchronous.class, arrivals);
    }

    /** Boot's default executor: 8 threads and a queue without a bound. */
    static Peer async(Arrivals arrivals) {
        return new SpringEvents(Asynchronous.class, arrivals);
    }

    @Override
    public Object publish(Reading reading) {
        publisher.publishEvent(reading);
        return reading;
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Synchronous {

        @Bean
        Listener listener(Arrivals arrivals) {
            return new Listener(arrivals);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableAsync
    static class Asynchronous {

        @Bean
        AsyncListener listener(Arrivals arrivals) {
            return new AsyncListener(arrivals);
        }
    }

    static class Listener {

        private final Arrivals arrivals;

        Listener(Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @EventListener
        public void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }

    static class AsyncListener {

        private final Arrivals arrivals;

        AsyncListener(Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Async
        @EventListener
        public void on(Reading reading) {
            arrivals.arrived(reading);
        }
    }
}
