package dev.pubsub.benchmarks.peers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Spring's publishEvent to one empty listener in the same thread; nothing to prepare, and nothing to wait for. */
final class SpringBursts implements Bursts {

    private final ConfigurableApplicationContext context;
    private final ReadingEvent event;
    private final boolean asEvent;

    private SpringBursts(Class<?> configuration, boolean asEvent) {
        context = Contexts.openWithoutPubSub(configuration);
        event = new ReadingEvent(context);
        this.asEvent = asEvent;
    }

    static Bursts toListenerMethod() {
        return new SpringBursts(ListenerMethod.class, false);
    }

    static Bursts toListenerObject() {
        return new SpringBursts(ListenerObject.class, true);
    }

    @Override
    public void prepare(int burst) {}

    @Override
    public void begin() {}

    @Override
    public Object publish(Reading reading) {
        context.publishEvent(asEvent ? event : reading);
        return reading;
    }

    @Override
    public void finish(long sum) {}

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ListenerMethod {

        @EventListener
        public void on(Reading reading) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ListenerObject {

        @Bean
        EmptyListener listener() {
            return new EmptyListener();
        }
    }

    static final class EmptyListener implements ApplicationListener<ReadingEvent> {

        @Override
        public void onApplicationEvent(ReadingEvent event) {}
    }

    /** Made once: its bytes and its time stamp are not what is timed. */
    static final class ReadingEvent extends ApplicationEvent {

        private static final long serialVersionUID = 1;

        ReadingEvent(Object source) {
            super(source);
        }
    }
}
