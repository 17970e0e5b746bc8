package dev.pubsub.spring;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs on a class path without any optional library, and says so. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class BareApplication {

    /** Prints what became of the messages. */
    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext context = SpringApplication.run(BareApplication.class)) {
            PubSub pubSub = context.getBean(PubSub.class);
            System.out.println("object: " + settled(pubSub, Message.of("orders", new Order("A", 1))));
            System.out.println("json: " + settled(pubSub, Message.of("orders", "{}")));
            System.out.println("scalar: " + settled(pubSub, Message.of("numbers", "42")));
        }
    }

    private static String settled(PubSub pubSub, Message<?> message) throws Exception {
        return pubSub.deliver(message).get(10, TimeUnit.SECONDS).outcomes().toString();
    }

    @Bean
    Handlers handlers() {
        return new Handlers();
    }

    static class Handlers {
        @Subscribe("orders")
        CompletionStage<Void> on(Order order) {
            return CompletableFuture.completedFuture(null);
        }

        @Subscribe(topics = "numbers", condition = "#number > 1")
        void number(int number) {}
    }
}
