package dev.pubsub.spring;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What is restarted: successes, a failure that is retried, a timeout, an abandoned handler, a condition, a conversion.
 */
public final class RestartedApplication {

    private RestartedApplication() {}

    /** Starts, handles, closes. */
    public static void runAndClose() throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.main.banner-mode=off",
                        "spring.main.register-shutdown-hook=false",
                        "spring.jmx.enabled=false",
                        "logging.level.root=off",
                        "pubsub.subscriber.retry.wait-duration=1ms",
                        "spring.autoconfigure.exclude="
                                + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
                .run();
        try (context) {
            PubSub pubSub = context.getBean(PubSub.class);
            for (String topic : new String[] {"fine", "failing", "slow"}) {
                pubSub.deliver(Message.builder(topic, "{\"text\":\"x\"}")
                                .key("k")
                                .build())
                        .get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** Whose class must be forgotten. */
    public record Payload(String text) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    static class Handlers {
        private final ThreadLocal<Payload> left = new ThreadLocal<>();

        @Subscribe(topics = "fine", condition = "payload.text == 'x'")
        void fine(Payload payload) {
            left.set(payload);
        }

        @Subscribe("failing")
        void failing(Payload payload) {
            throw new OwnException();
        }

        @Subscribe(topics = "slow", timeout = "20ms")
        void slow(Payload payload) throws InterruptedException {
            new CountDownLatch(1).await(Duration.ofSeconds(30).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    static final class OwnException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
