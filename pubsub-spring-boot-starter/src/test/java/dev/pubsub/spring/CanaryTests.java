package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.Subscription;
import dev.pubsub.journey.Journey;
import dev.pubsub.journey.Journeys;
import dev.pubsub.spring.WebApplication.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import tools.jackson.databind.JsonNode;

/**
 * No endpoint and no log shows a payload or the value of a header; a handler's own exception appears in the log only.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTests {

    private static final String PAYLOAD = "canary-payload-7311";
    private static final String HEADER = "canary-header-7312";
    private static final String KEY = "canary-key-7313";
    private static final String EXCEPTION = "canary-exception-7314";
    private static final String[] CANARIES = {PAYLOAD, HEADER, KEY, EXCEPTION};

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCanaryAppearsNowhere(boolean neverIsSaid, CapturedOutput output) throws Exception { // FAULTS 40
        List<String> properties = new ArrayList<>(List.of(
                "management.endpoints.web.exposure.include=*",
                "pubsub.journey.per-millisecond=1048576",
                "pubsub.subscriber.circuit-breaker.minimum-number-of-calls=100")); // so that replays are not held
        if (neverIsSaid) { // else it is what counts by default
            properties.add("management.endpoint.pubsubdeadletters.show-values=never");
            properties.add("management.endpoint.pubsubmessages.show-values=never");
        }
        try (WebApplication application = new WebApplication(App.class, properties.toArray(String[]::new))) {
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
            assertThat(everyAnswer(application))
                    .contains("\"result\":\"FAILURE\"", "\"topic\":\"failing\"", "pubsub_subscription_process_seconds")
                    .doesNotContain(CANARIES);

            assertThat(application
                            .post("/actuator/pubsubdeadletters", "{\"all\":true}")
                            .body())
                    .contains("replayId")
                    .doesNotContain(CANARIES);
            Starter.soon()
                    .until(() ->
                            application.get("/actuator/pubsubreplays").body().contains("DONE"));
            Starter.soon().until(() -> pubSub.snapshot().subscriptions().stream()
                    .allMatch(one -> one.queued() + one.active() + one.parked() == 0));
            assertThat(pubSub.deadLetters().find(DeadLetterQuery.all()))
                    .hasSizeGreaterThanOrEqualTo(12)
                    .allSatisfy(letter -> assertThat(letter.replays()).isEqualTo(1));
            assertThat(everyAnswer(application)).contains("\"replays\":1").doesNotContain(CANARIES);

            for (Journey journey : application.bean(Journeys.class).latest(100)) {
                assertThat(journey.toString()).doesNotContain("canary");
            }
            for (DeadLetter letter : pubSub.deadLetters().find(DeadLetterQuery.all())) {
                assertThat(letter.toString()).doesNotContain("canary");
            }
            assertThat(application
                            .send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null)
                            .body())
                    .contains("discarded")
                    .doesNotContain(CANARIES);
            Starter.soon()
                    .untilAsserted(() -> assertThat(pubSub.snapshot().ledger()).isEqualTo(Ledger.BALANCED));
        }
        assertThat(output.getAll()).doesNotContain(PAYLOAD, HEADER, KEY);
    }

    /** Of whatever Actuator links to, ours and Boot's, one after the other. */
    private static String everyAnswer(WebApplication application) {
        StringBuilder answers = new StringBuilder();
        JsonNode links = application.get("/actuator").json().get("_links");
        assertThat(links.propertyNames()).contains("pubsubdeadletters-id", "health-path", "prometheus", "threaddump");
        for (Map.Entry<String, JsonNode> link : links.properties()) {
            String href = link.getValue().get("href").asString();
            String path = href.substring(href.indexOf("/actuator"));
            int template = path.indexOf('{');
            for (String end : endsOf(link.getKey(), template >= 0, application)) {
                String whole = (template < 0 ? path : path.substring(0, template)) + end;
                Answer answer = application.get(whole);
                assertThat(answer.status()).as(whole).isEqualTo(200);
                answers.append(answer.body()).append('\n');
            }
        }
        return answers.toString();
    }

    /** What is to be asked for: each thing there is where the link is a template. */
    private static List<String> endsOf(String link, boolean template, WebApplication application) {
        PubSub pubSub = application.bean(PubSub.class);
        return switch (link) {
            case "pubsub-subscriptionId" ->
                pubSub.subscriptions().stream().map(Subscription::id).toList();
            case "pubsubdeadletters-id" ->
                pubSub.deadLetters().find(DeadLetterQuery.all()).stream()
                        .map(DeadLetter::id)
                        .toList();
            case "pubsubreplays-replayId" ->
                pubSub.deadLetters().replays().stream()
                        .map(DeadLetters.Replay::id)
                        .toList();
            case "pubsubmessages-id" ->
                application.bean(Journeys.class).latest(1000).stream()
                        .map(Journey::messageId)
                        .toList();
            case "pubsubmessages" -> List.of("", "?limit=1000");
            case "pubsubroutes" -> List.of("?topic=failing", "?topic=nobody");
            case "metrics-requiredMetricName" ->
                application
                        .get("/actuator/metrics")
                        .json()
                        .get("names")
                        .valueStream()
                        .map(JsonNode::asString)
                        .filter(name -> !name.startsWith("jvm.")) // many, and none of them ours to fear
                        .toList();
            case "health-path" -> List.of("pubsub");
            case "loggers-name" -> List.of("dev.pubsub");
            case "env-toMatch" -> List.of("server.port");
            case "configprops-prefix" -> List.of("pubsub");
            case "caches-cache", "sbom-id" -> List.of(); // there is none
            default -> {
                assertThat(template)
                        .as("%s is a template, and nothing is known to ask for", link)
                        .isFalse();
                yield List.of("");
            }
        };
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
