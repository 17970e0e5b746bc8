package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.journey.Journey;
import dev.pubsub.journey.Journeys;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;

/**
 * No endpoint and no log shows a payload or the value of a header; a handler's own exception appears in the log only.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTests {

    private static final String PAYLOAD = "canary-payload-7311";
    private static final String HEADER = "canary-header-7312";
    private static final String KEY = "canary-key-7313";
    private static final String EXCEPTION = "canary-exception-7314";

    @Test
    void theCanaryAppearsNowhere(CapturedOutput output) throws Exception { // FAULTS 40
        try (WebApplication application = new WebApplication(App.class, "pubsub.journey.per-millisecond=1048576")) {
            PubSub pubSub = application.bean(PubSub.class);
            for (Object payload :
                    List.of(PAYLOAD, Map.of("number", PAYLOAD), new Order(PAYLOAD, 1), PAYLOAD.getBytes())) {
                for (String topic : List.of("failing", "converting", "headers", "conditional", "nobody")) {
                    Starter.deliver(
                            pubSub,
                            Message.builder(topic, payload)
                                    .key(KEY)
                                    .header("canary", HEADER)
                                    .build());
                }
            }
            assertThat(pubSub.deadLetters().size()).isGreaterThanOrEqualTo(12);
            StringBuilder answers = new StringBuilder();
            for (String path : List.of(
                    "pubsub",
                    "pubsub/handlers.failing",
                    "pubsub/handlers.converting",
                    "pubsubdeadletters",
                    "pubsubreplays",
                    "pubsubmessages?limit=1000",
                    "pubsubroutes?topic=failing",
                    "pubsubasyncapi",
                    "health",
                    "metrics",
                    "metrics/pubsub.deadletter.added")) {
                answers.append(application.get("/actuator/" + path).body());
            }
            for (Journey journey : application.bean(Journeys.class).latest(100)) {
                answers.append(application
                        .get("/actuator/pubsubmessages/" + journey.messageId())
                        .body());
                assertThat(journey.toString()).doesNotContain("canary");
            }
            assertThat(answers.toString()).contains("\"result\":\"FAILURE\"", "\"topic\":\"failing\"");
            for (DeadLetter letter : pubSub.deadLetters().find(DeadLetterQuery.all())) {
                answers.append(application
                        .get("/actuator/pubsubdeadletters/" + letter.id())
                        .body());
                assertThat(letter.toString()).doesNotContain("canary");
            }
            answers.append(application
                    .post("/actuator/pubsubdeadletters", "{\"all\":true}")
                    .body());
            await().until(() ->
                    application.get("/actuator/pubsubreplays").body().contains("DONE"));
            answers.append(application
                    .send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null)
                    .body());
            assertThat(answers.toString()).doesNotContain(PAYLOAD, HEADER, KEY, EXCEPTION);
            await().untilAsserted(() -> assertThat(pubSub.snapshot().ledger()).isEqualTo(Ledger.BALANCED));
        }
        assertThat(output.getAll()).doesNotContain(PAYLOAD, HEADER, KEY);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    static class Handlers {
        @Subscribe("failing")
        void failing(Object payload) {
            throw new IllegalStateException(EXCEPTION);
        }

        @Subscribe("converting")
        void converting(List<Integer> payload) {}

        @Subscribe("headers")
        void headers(@Header("canary") int number) {}

        @Subscribe(topics = "conditional", condition = "payload.noSuchProperty > 1")
        void conditional(Object payload) {}
    }
}
