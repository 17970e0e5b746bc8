package dev.pubsub.benchmarks.peers;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Spring's application events with {@link Protection} written around the listener by hand. */
final class ByHand implements Peer {

    private final ConfigurableApplicationContext context;

    private ByHand(Class<?> configuration, Arrivals arrivals, Protection.Limit limit, Protection.Effort effort) {
        context = Contexts.openWithoutPubSub(configuration, arrivals, limit, effort);
    }

    /** The publisher's thread runs the handler, or waits for it. */
    static Peer synchronous(Arrivals arrivals, Protection.Limit limit, Protection.Effort effort) {
        return new ByHand(Synchronous.class, arrivals, limit, effort);
    }

    /** One of the 8 threads of Boot's task executor runs the handler, or waits for it. */
    static Peer async(Arrivals arrivals, Protection.Limit limit, Protection.Effort effort) {
        return new ByHand(Asynchronous.class, arrivals, limit, effort);
    }

    @Override
    public Object publish(Reading reading) {
        context.publishEvent(reading);
        return reading;
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Protected {

        @Bean
        Protection protection(
                Arrivals arrivals, Protection.Limit limit, Protection.Effort effort, MeterRegistry registry) {
            return new Protection(arrivals, limit, effort, registry);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Protected.class)
    static class Synchronous {

        @Bean
        Listener listener(Protection protection) {
            return new Listener(protection);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Protected.class)
    @EnableAsync
    static class Asynchronous {

        @Bean
        AsyncListener listener(Protection protection) {
            return new AsyncListener(protection);
        }
    }

    static class Listener {

        private final Protection protection;

        Listener(Protection protection) {
            this.protection = protection;
        }

        @EventListener
        public void on(Reading reading) {
            protection.handle(reading);
        }
    }

    static class AsyncListener {

        private final Protection protection;

        AsyncListener(Protection protection) {
            this.protection = protection;
        }

        @Async
        @EventListener
        public void on(Reading reading) {
            protection.handle(reading);
        }
    }
}
