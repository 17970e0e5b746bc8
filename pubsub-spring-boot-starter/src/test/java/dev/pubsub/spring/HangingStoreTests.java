package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.Publisher;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.spring.WebApplication.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A dead-letter store of the application's own that hangs, as on a database that has stopped. */
class HangingStoreTests {

    @Test // FAULTS 27
    void healthAndTheEngineAnswerWithinTwoSeconds() throws Exception {
        try (WebApplication application = new WebApplication(App.class)) {
            HangingStore store = application.bean(HangingStore.class);
            try {
                application.bean(Publisher.class).publish("orders", "x");
                assertThat(store.inside.await(10, TimeUnit.SECONDS)).isTrue();

                assertThat(atOnce(application, "/actuator/health").status()).isEqualTo(200);
                Answer engine = atOnce(application, "/actuator/pubsub");
                assertThat(engine.json().at("/ledger").asString()).isEqualTo("BALANCED");
                assertThat(engine.json().at("/deadLetters/size").intValue()).isZero();
            } finally {
                store.recovered.countDown();
            }
        }
    }

    private static Answer atOnce(WebApplication application, String path) throws Exception {
        return CompletableFuture.supplyAsync(() -> application.get(path)).get(2, TimeUnit.SECONDS);
    }

    static class HangingStore extends MemoryDeadLetterStore {

        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch recovered = new CountDownLatch(1);

        HangingStore() {
            super(100, Duration.ofDays(1));
        }

        @Override
        public void put(DeadLetter letter) {
            inside.countDown();
            try {
                recovered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.put(letter);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Orders orders() {
            return new Orders();
        }

        @Bean
        HangingStore store() {
            return new HangingStore();
        }
    }

    static class Orders {
        @Subscribe("orders")
        void on(Object payload) {
            throw new AssertionError("fails");
        }
    }
}
