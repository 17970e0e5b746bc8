package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.journey.Journeys;
import dev.pubsub.spring.WebApplication.Answer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/**
 * The endpoints on WebFlux answer what they answer on Spring MVC, of which {@link EndpointTests} and others tell all.
 */
class ReactiveEndpointTests {

    private static WebApplication servlet;
    private static WebApplication reactive;

    private Message<?> message;

    @BeforeAll
    static void start() {
        servlet = application(WebApplicationType.SERVLET);
        reactive = application(WebApplicationType.REACTIVE);
    }

    @AfterAll
    static void stop() {
        servlet.close();
        reactive.close();
    }

    /** The same in both: one message, whose copy is a dead letter. */
    @BeforeEach
    void kill() throws Exception {
        message = Message.builder("orders.created", "bad").key("k").build();
        for (WebApplication application : List.of(servlet, reactive)) {
            PubSub pubSub = pubSub(application);
            pubSub.subscription("orders").orElseThrow().resume();
            pubSub.deadLetters().discardAll(DeadLetterQuery.all());
            application.bean(Orders.class).failing = true;
            Starter.deliver(pubSub, message);
        }
    }

    /** What is told of a message may come a moment after it is settled. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pubsub",
                "pubsub/orders",
                "pubsubdeadletters",
                "pubsubdeadletters?subscription=orders&reason=failure&limit=1",
                "pubsubdeadletters/{letter}",
                "pubsubmessages?limit=1",
                "pubsubmessages/{message}"
            })
    void whatIsReadHasTheSameShape(String path) {
        Starter.soon().untilAsserted(() -> {
            Answer expected = servlet.get(path(servlet, path));
            Answer answer = reactive.get(path(reactive, path));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.contentType()).isEqualTo(expected.contentType());
            assertThat(answer.fields()).isEqualTo(expected.fields());
            assertThat(shape(answer.json())).isEqualTo(shape(expected.json()));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"pubsubroutes?topic=orders.created", "pubsubroutes?topic=none", "pubsubasyncapi"})
    void whereATopicLeadsIsTheSame(String path) {
        Answer answer = reactive.get("/actuator/" + path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer).isEqualTo(servlet.get("/actuator/" + path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            400 | GET    | pubsub?x=1                         |                             | no parameter 'x'
            400 | GET    | pubsub/orders?x=1                  |                             | no parameter 'x'
            400 | POST   | pubsub/orders                      | {"state":"ASLEEP"}          | {"state":"PAUSED"}
            400 | POST   | pubsub/orders                      | {"state":null}              | {"state":"PAUSED"}
            400 | POST   | pubsub/orders                      | {"state":"PAUSED","why":1}  | no parameter 'why'
            400 | POST   | pubsub/orders                      | []                          | must be a JSON object
            400 | POST   | pubsub/orders                      | {"state":                   | must be a JSON object
            400 | POST   | pubsub/orders                      | {"state":{"a":1}}           | must be a JSON object
            404 | GET    | pubsub/nobody                      |                             | no subscription 'nobody'
            404 | POST   | pubsub/nobody                      | {"state":"PAUSED"}          | no subscription 'nobody'
            405 | DELETE | pubsub                             |                             | allowed: GET
            400 | GET    | pubsubdeadletters?subscriptions=a  |                             | 'subscriptions'
            400 | GET    | pubsubdeadletters?reason=bored     |                             | 'reason' must be one of
            400 | GET    | pubsubdeadletters?limit=0          |                             | 'limit' must be a whole
            400 | GET    | pubsubdeadletters?subscription=    |                             | 'subscription' is empty
            400 | GET    | pubsubdeadletters?limit=1&limit=2  |                             | 'limit' was given more
            400 | POST   | pubsubdeadletters                  | {}                          | No filter was given
            400 | POST   | pubsubdeadletters                  | {"all":true,"limit":1}      | no parameter 'limit'
            400 | POST   | pubsubdeadletters                  | {"all":true,"rate":0}       | 'rate' must be
            400 | POST   | pubsubdeadletters                  | {"subscription":["orders"]} | must be a JSON object
            400 | DELETE | pubsubdeadletters                  |                             | No filter was given
            400 | DELETE | pubsubdeadletters?all=false        |                             | No filter was given
            400 | DELETE | pubsubdeadletters?all=true&topic=x |                             | no parameter 'topic'
            405 | PUT    | pubsubdeadletters                  |                             | allowed: DELETE, GET, POST
            404 | GET    | pubsubdeadletters/none             |                             | no dead letter 'none'
            404 | POST   | pubsubdeadletters/none             |                             | no dead letter 'none'
            404 | DELETE | pubsubdeadletters/none             |                             | no dead letter 'none'
            404 | GET    | pubsubreplays/none                 |                             | no replay 'none'
            404 | DELETE | pubsubreplays/none                 |                             | no replay 'none'
            405 | POST   | pubsubreplays                      | {}                          | allowed: GET
            400 | GET    | pubsubmessages?limit=many          |                             | 'limit' must be a whole
            404 | GET    | pubsubmessages/none                |                             | known of a message 'none'
            405 | DELETE | pubsubmessages                     |                             | allowed: GET
            400 | GET    | pubsubroutes                       |                             | A topic is missing
            400 | GET    | pubsubroutes?topic=orders.*        |                             | 'topic' is no topic
            405 | POST   | pubsubroutes                       | {}                          | allowed: GET
            400 | GET    | pubsubasyncapi?x=1                 |                             | no parameter 'x'
            405 | DELETE | pubsubasyncapi                     |                             | allowed: GET
            """)
    void whatIsWrongIsToldInTheSameWords(int status, String method, String path, String body, String detail) {
        Answer answer = send(reactive, method, "/actuator/" + path, body);

        problem(answer, status, detail);
        Answer expected = send(servlet, method, "/actuator/" + path, body);
        assertThat(expected.status()).isEqualTo(status);
        assertThat(expected.contentType()).startsWith("application/problem+json");
        assertThat(answer.json()).isEqualTo(expected.json());
        assertThat(letters(reactive)).as("nothing is lost").hasSize(1);
        assertThat(state(reactive)).isEqualTo(Subscription.State.RUNNING);
    }

    /** WebFlux hands on null for what Spring MVC takes for empty. */
    @ParameterizedTest
    @ValueSource(strings = {"subscription&all=true", "all=true&reason"})
    void aFilterWithoutAValueNeverMeansAll(String query) {
        for (WebApplication application : List.of(servlet, reactive)) {
            problem(
                    application.send("DELETE", "/actuator/pubsubdeadletters?" + query, null, null),
                    400,
                    (query.startsWith("subscription") ? "'subscription'" : "'reason'") + " is empty");
            assertThat(letters(application)).hasSize(1);
        }
    }

    @Test
    void whatALoginLeavesInTheAddressIsNone() {
        assertThat(reactive.get("/actuator/pubsub?continue").status()).isEqualTo(200);
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        for (WebApplication application : List.of(servlet, reactive)) {
            problem(
                    application.send("POST", "/actuator/pubsub/orders", "state=PAUSED", "text/plain"),
                    415,
                    "application/json");
        }
    }

    @Test
    void otherPathsKeepTheirOwnErrors() {
        Answer answer = reactive.send("DELETE", "/actuator/health", null, null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.body()).doesNotContain("endpoint's access");
    }

    @Test
    void aSubscriptionIsPausedAndResumed() {
        Answer paused = reactive.post("/actuator/pubsub/orders", "{\"state\":\"PAUSED\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.json().get("pausedBy").asString()).isEqualTo("manual");
        assertThat(state(reactive)).isEqualTo(Subscription.State.PAUSED);

        Answer resumed = reactive.post("/actuator/pubsub/orders", "{\"state\":\"RUNNING\"}");
        assertThat(resumed.json().get("state").asString()).isEqualTo("RUNNING");
        assertThat(state(reactive)).isEqualTo(Subscription.State.RUNNING);
    }

    @Test
    void oneDeadLetterIsReplayed() {
        reactive.bean(Orders.class).failing = false;

        assertThat(reactive.send("POST", path(reactive, "pubsubdeadletters/{letter}"), null, null)
                        .status())
                .isEqualTo(204);

        Starter.soon().until(() -> letters(reactive).isEmpty());
    }

    @Test
    void oneDeadLetterIsDiscarded() {
        assertThat(reactive.send("DELETE", path(reactive, "pubsubdeadletters/{letter}"), null, null)
                        .status())
                .isEqualTo(204);

        assertThat(letters(reactive)).isEmpty();
    }

    @Test
    void aReplayWithoutItsSubscriptionIsAConflict() throws Exception {
        PubSub pubSub = pubSub(reactive);
        Subscription gone = pubSub.subscribe(
                SubscriptionSpec.builder("gone", "gone")
                        .retry(RetryPolicy.disabled())
                        .build(),
                (copy, delivery) -> {
                    throw new IllegalStateException("fails");
                });
        Starter.deliver(pubSub, Message.of("gone", "x"));
        gone.close();
        String letter = letters(reactive).stream()
                .filter(one -> one.subscriptionId().equals("gone"))
                .map(DeadLetter::id)
                .findFirst()
                .orElseThrow();

        problem(reactive.send("POST", "/actuator/pubsubdeadletters/" + letter, null, null), 409, "gone");
    }

    @Test
    void manyAreReplayedAtARateWatchedAndStopped() throws Exception {
        Starter.deliver(pubSub(reactive), Message.of("orders.created", "bad too"));
        reactive.bean(Orders.class).failing = false;

        Answer dry = reactive.post("/actuator/pubsubdeadletters", "{\"subscription\":\"orders\",\"dryRun\":true}");
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.json().get("matched").asInt()).isEqualTo(2);
        assertThat(letters(reactive)).hasSize(2);

        Answer begun = reactive.post("/actuator/pubsubdeadletters", "{\"all\":true,\"rate\":0.001}");
        assertThat(begun.fields()).containsExactly("replayId", "matched");
        String replay =
                "/actuator/pubsubreplays/" + begun.json().get("replayId").asString();
        Starter.soon().until(() -> letters(reactive).size() == 1);
        Answer running = reactive.get(replay);
        assertThat(running.fields()).containsExactly("replayId", "state", "matched", "replayed", "refused");
        assertThat(running.json().get("state").asString()).isEqualTo("RUNNING");
        assertThat(reactive.get("/actuator/pubsubreplays").json().at("/replays/0"))
                .isEqualTo(running.json());

        assertThat(reactive.send("DELETE", replay, null, null).status()).isEqualTo(204);

        assertThat(reactive.get(replay).json().get("state").asString()).isEqualTo("STOPPED");
        assertThat(letters(reactive)).hasSize(1);
    }

    @Test
    void manyAreDiscarded() throws Exception {
        Starter.deliver(pubSub(reactive), Message.of("orders.created", "bad too"));

        Answer none = reactive.send("DELETE", "/actuator/pubsubdeadletters?reason=timeout", null, null);
        assertThat(none.json().get("discarded").asInt()).isZero();

        Answer all = reactive.send("DELETE", "/actuator/pubsubdeadletters?subscription=orders", null, null);
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.json().get("discarded").asInt()).isEqualTo(2);
        assertThat(letters(reactive)).isEmpty();
    }

    @Test
    void accessThatIsReadOnlyForbidsEachChangeAndSaysSo() {
        try (WebApplication readOnly = new WebApplication(
                WebApplicationType.REACTIVE, App.class, "management.endpoints.access.max-permitted=read-only")) {
            String forbidden = "forbidden by the endpoint's access; allowed: GET";
            problem(readOnly.post("/actuator/pubsub/orders", "{\"state\":\"PAUSED\"}"), 405, forbidden);
            problem(readOnly.post("/actuator/pubsubdeadletters", "{\"all\":true}"), 405, forbidden);
            problem(readOnly.send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null), 405, forbidden);
            problem(readOnly.send("POST", "/actuator/pubsubdeadletters/any", null, null), 405, forbidden);
            problem(readOnly.send("DELETE", "/actuator/pubsubdeadletters/any", null, null), 405, forbidden);
            problem(readOnly.send("DELETE", "/actuator/pubsubreplays/any", null, null), 405, forbidden);
            assertThat(readOnly.options("/actuator/pubsubdeadletters"))
                    .contains("GET")
                    .doesNotContain("POST", "DELETE");
        }
    }

    @Test
    void errorsAreToldOnAManagementPortAndBelowABasePathToo() {
        try (WebApplication apart = new WebApplication(
                WebApplicationType.REACTIVE,
                App.class,
                "management.server.port=0",
                "management.server.base-path=/manage")) {
            WebApplication management = apart.onPort("local.management.port");
            problem(management.get("/manage/actuator/pubsub?x=1"), 400, "'x'");
            problem(management.send("DELETE", "/manage/actuator/pubsub", null, null), 405, "allowed: GET");
        }
        try (WebApplication below =
                new WebApplication(WebApplicationType.REACTIVE, App.class, "spring.webflux.base-path=/app")) {
            problem(below.send("DELETE", "/app/actuator/pubsub", null, null), 405, "allowed: GET");
            problem(below.post("/app/actuator/pubsub/orders", "[]"), 400, "JSON object");
        }
    }

    private static WebApplication application(WebApplicationType type) {
        return new WebApplication(
                type,
                App.class,
                "pubsub.subscriber.retry.enabled=false",
                "pubsub.subscriber.circuit-breaker.enabled=false",
                "pubsub.journey.per-millisecond=" + Journeys.ALL);
    }

    private static Answer send(WebApplication application, String method, String path, String body) {
        return application.send(method, path, body, body == null ? null : "application/json");
    }

    private String path(WebApplication application, String path) {
        String letter = letters(application).get(0).id();
        return "/actuator/" + path.replace("{letter}", letter).replace("{message}", message.id());
    }

    private static List<DeadLetter> letters(WebApplication application) {
        return pubSub(application).deadLetters().find(DeadLetterQuery.all());
    }

    private static Subscription.State state(WebApplication application) {
        return pubSub(application).subscription("orders").orElseThrow().state();
    }

    private static PubSub pubSub(WebApplication application) {
        return application.bean(PubSub.class);
    }

    /** The names of all fields, and what kind of value each has. */
    private static Object shape(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            node.propertyNames().forEach(name -> fields.put(name, shape(node.get(name))));
            return fields;
        }
        if (node.isArray()) {
            return node.valueStream().map(ReactiveEndpointTests::shape).toList();
        }
        return node.getNodeType();
    }

    private static void problem(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("title").asString()).isNotBlank();
        assertThat(answer.json().get("detail").asString()).contains(detail);
        assertThat(answer.fields()).isSubsetOf("type", "title", "status", "detail", "instance");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Orders orders() {
            return new Orders();
        }
    }

    static class Orders {
        private volatile boolean failing = true;

        @Subscribe(id = "orders", topics = "orders.created")
        void on(Object payload) {
            if (failing) {
                throw new IllegalStateException("fails");
            }
        }
    }
}
