package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Publisher;
import dev.pubsub.spring.WebApplication.Answer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** The way that the README's section "Operate" describes: from a red health check to replayed messages, over HTTP. */
class OperateTests {

    private static final String RESUME = "{\"state\":\"RUNNING\"}";

    @Test
    void fromARedHealthCheckToReplayedMessages() {
        try (WebApplication application = new WebApplication(
                App.class,
                "pubsub.subscriptions.billing.timeout=250ms",
                "pubsub.subscriptions.billing.max-abandoned=1")) {
            Billing billing = application.bean(Billing.class);
            Publisher publisher = application.bean(Publisher.class);
            assertThat(application.get("/actuator/health").status()).isEqualTo(200);

            publisher.publish("orders.created", "hangs");
            Starter.soon().until(() -> application.get("/actuator/health").status() == 503);
            publisher.publish("orders.created", "comes later");
            Starter.soon().until(() -> deadLetters(application).get("total").intValue() == 2);

            JsonNode health = application.get("/actuator/health").json();
            assertThat(health.at("/components/pubsub/status").asString()).isEqualTo("DOWN");
            assertThat(health.at("/components/pubsub/details/quarantined").toString())
                    .isEqualTo("[\"billing\"]");
            assertThat(deadLetters(application)
                            .at("/groups")
                            .findValues("exceptionType")
                            .toString())
                    .contains("dev.pubsub.HandlerTimeoutException", "null");

            Answer tooEarly = application.post("/actuator/pubsub/billing", RESUME);
            assertThat(tooEarly.status()).isEqualTo(409);
            assertThat(tooEarly.json().get("detail").asString()).contains("1 abandoned handlers still run");

            billing.mended.countDown();
            Starter.soon()
                    .until(() ->
                            application.post("/actuator/pubsub/billing", RESUME).status() == 200);
            assertThat(application.get("/actuator/health").status()).isEqualTo(200);

            Answer replay =
                    application.post("/actuator/pubsubdeadletters", "{\"subscription\":\"billing\",\"rate\":\"10\"}");
            assertThat(replay.json().get("matched").intValue()).isEqualTo(2);
            String progress =
                    "/actuator/pubsubreplays/" + replay.json().get("replayId").asString();
            Starter.soon().until(() -> application.get(progress).body().contains("DONE"));
            Starter.soon()
                    .until(() -> application
                                    .get("/actuator/pubsub/billing")
                                    .json()
                                    .get("completed")
                                    .intValue()
                            == 2);
            assertThat(deadLetters(application).get("total").intValue()).isZero();
        }
    }

    private static JsonNode deadLetters(WebApplication application) {
        return application
                .get("/actuator/pubsubdeadletters?subscription=billing")
                .json();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Billing billing() {
            return new Billing();
        }
    }

    static class Billing {

        private final CountDownLatch mended = new CountDownLatch(1);

        @Subscribe(id = "billing", topics = "orders.*")
        void on(Object order) {
            boolean returned = false;
            while (!returned) {
                try {
                    mended.await();
                    returned = true;
                } catch (InterruptedException ignored) {
                    // stubborn: it does not heed what its deadline sends
                }
            }
        }
    }
}
