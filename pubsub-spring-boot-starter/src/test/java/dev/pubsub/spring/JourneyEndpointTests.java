package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.journey.Journeys;
import dev.pubsub.spring.WebApplication.Answer;
import dev.pubsub.spring.actuate.MessagesEndpoint;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** Where a message went, and where a topic leads, over HTTP. */
class JourneyEndpointTests {

    private static final String ALL = "pubsub.journey.per-millisecond=" + Journeys.ALL;

    private static WebApplication application;

    @BeforeAll
    static void start() {
        application = new WebApplication(App.class, ALL, "pubsub.subscriber.circuit-breaker.enabled=false");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    // ---- messages

    @Test
    void aJourneyHasTheFieldsOfTheDocsInTheirOrder() throws Exception {
        Message<?> message = delivered("orders.created", 5);

        Answer answer = journey(application, message);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields())
                .containsExactly(
                        "id",
                        "topic",
                        "key",
                        "payloadType",
                        "createdAt",
                        "acceptedAt",
                        "refused",
                        "subscriptions",
                        "moreSubscriptions");
        assertThat(List.copyOf(answer.json().at("/subscriptions/0").propertyNames()))
                .containsExactly(
                        "id",
                        "state",
                        "reason",
                        "patterns",
                        "condition",
                        "settledAt",
                        "replays",
                        "attempts",
                        "earlierAttempts");
        assertThat(List.copyOf(
                        copy(answer, "handlers.failing").at("/attempts/0").propertyNames()))
                .containsExactly("attempt", "result", "endedAt", "durationMillis", "exceptionType");
    }

    @Test
    void itTellsWhoTookWhoRefusedAndHowItEnded() throws Exception {
        Message<?> message = delivered("orders.created", 5);

        Answer answer = journey(application, message);

        assertThat(answer.json().get("id").asString()).isEqualTo(message.id());
        assertThat(answer.json().get("topic").asString()).isEqualTo("orders.created");
        assertThat(answer.json().get("payloadType").asString()).isEqualTo(Order.class.getName());
        assertThat(answer.json().get("createdAt").asString())
                .isEqualTo(message.timestamp().toString());
        assertThat(answer.json().get("acceptedAt").isNull()).isFalse();
        assertThat(answer.json().get("refused").isNull()).isTrue();
        assertThat(answer.json().get("subscriptions")).hasSize(3);

        JsonNode choosy = copy(answer, "handlers.choosy");
        assertThat(choosy.get("state").asString()).isEqualTo("FILTERED");
        assertThat(choosy.get("condition").asString()).isEqualTo("payload.total > 10");
        assertThat(choosy.get("attempts")).isEmpty();

        JsonNode failing = copy(answer, "handlers.failing");
        assertThat(failing.get("state").asString()).isEqualTo("DEAD_LETTERED");
        assertThat(failing.get("reason").asString()).isEqualTo("FAILURE");
        assertThat(failing.get("patterns").toString()).isEqualTo("[\"orders.*\"]");
        assertThat(failing.get("condition").isNull()).isTrue();
        assertThat(failing.get("attempts")).hasSize(3);
        assertThat(failing.at("/attempts/2/attempt").asInt()).isEqualTo(3);
        assertThat(failing.at("/attempts/2/result").asString()).isEqualTo("FAILURE");
        assertThat(failing.at("/attempts/2/exceptionType").asString()).isEqualTo(IllegalStateException.class.getName());
        assertThat(failing.at("/attempts/2/durationMillis").asDouble()).isPositive();
        assertThat(failing.get("settledAt").isNull()).isFalse();

        JsonNode good = copy(answer, "handlers.good");
        assertThat(good.get("state").asString()).isEqualTo("COMPLETED");
        assertThat(good.get("reason").isNull()).isTrue();
        assertThat(good.get("patterns").toString()).isEqualTo("[\"orders.**\",\"orders.created\"]");
    }

    @Test
    void aRefusedMessageIsKnownWithTheTypeOfItsRefusal() {
        Message<String> message =
                Message.builder("orders.created", "x").key("k".repeat(2_000)).build();
        assertThat(application.bean(PubSub.class).publishAsync(message)).isCompletedExceptionally();

        Answer answer = journey(application, message);

        assertThat(answer.json().at("/refused/exceptionType").asString())
                .isEqualTo("dev.pubsub.InvalidMessageException");
        assertThat(answer.json().get("acceptedAt").isNull()).isTrue();
        assertThat(answer.json().get("subscriptions")).isEmpty();
    }

    @Test
    void ofASubscriptionThatIsGoneOnlyTheIdIsLeft() throws Exception {
        PubSub pubSub = application.bean(PubSub.class);
        Subscription gone =
                pubSub.subscribe(SubscriptionSpec.builder("gone", "gone").build(), (m, d) -> {});
        Message<String> message = Message.of("gone", "x");
        Starter.deliver(pubSub, message);
        gone.close();

        Answer answer = journey(application, message);

        assertThat(copy(answer, "gone").get("state").asString()).isEqualTo("COMPLETED");
        assertThat(copy(answer, "gone").get("patterns")).isEmpty();
    }

    @Test
    void theLatestAreListedNewestFirst() throws Exception {
        Message<?> older = delivered("orders.created", 1);
        Message<?> newer = delivered("orders.created", 2);

        Answer answer = application.get("/actuator/pubsubmessages?limit=2");

        assertThat(answer.fields()).containsExactly("capacity", "perMillisecond", "messages");
        assertThat(answer.json().get("capacity").asInt()).isEqualTo(1_000);
        assertThat(answer.json().get("perMillisecond").asInt()).isEqualTo(Journeys.ALL);
        assertThat(answer.json().get("messages")).hasSize(2);
        assertThat(answer.json().at("/messages/0/id").asString()).isEqualTo(newer.id());
        assertThat(answer.json().at("/messages/1/id").asString()).isEqualTo(older.id());
        for (int i = 0; i < 30; i++) {
            delivered("nobody", i);
        }
        assertThat(application.get("/actuator/pubsubmessages").json().get("messages"))
                .hasSize(20);
    }

    @Test
    void anUnknownMessageIsNotFound() {
        problem(application.get("/actuator/pubsubmessages/none"), 404, "Nothing is known of a message 'none'");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "pubsubmessages?limit=0, 'limit' must be a whole number from 1 to 1000",
                "pubsubmessages?limit=x, 'limit' must be a whole number",
                "pubsubmessages?offset=1, There is no parameter 'offset' here; there are limit",
                "pubsubmessages/some-id?limit=1, There is no parameter 'limit'",
                "pubsubroutes, A topic is missing",
                "pubsubroutes?topic=, A topic is missing",
                "pubsubroutes?topic=orders..created, 'topic' is no topic: the segment at position 7 is empty",
                "pubsubroutes?topic=orders.*, 'topic' is no topic",
                "pubsubroutes?topic=orders.dlt, reserved for dead letters",
                "pubsubroutes?topik=orders, There is no parameter 'topik' here; there are topic",
                "pubsubroutes?topic=a&topic=b, 'topic' was given more than once",
                "pubsubasyncapi?version=2, There is no parameter 'version' here; there are none"
            })
    void aBadRequestSaysWhatWasWrong(String path, String text) {
        problem(application.get("/actuator/" + path), 400, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pubsubmessages", "pubsubroutes", "pubsubasyncapi"})
    void theyAreReadOnlyAndCanBeForbidden(String endpoint) {
        problem(application.post("/actuator/" + endpoint, "{}"), 405, "allowed: GET");
        try (WebApplication closed =
                new WebApplication(App.class, "management.endpoint." + endpoint + ".access=none")) {
            assertThat(closed.get("/actuator/" + endpoint).status()).isEqualTo(404);
        }
    }

    @Test
    void keysAreMaskedUnlessAPropertySaysOtherwise() throws Exception {
        assertThat(journey(application, delivered("orders.created", 1))
                        .json()
                        .get("key")
                        .asString())
                .isEqualTo("******");
        assertThat(journey(application, delivered("orders.created", "no key", null))
                        .json()
                        .get("key")
                        .isNull())
                .isTrue();
        try (WebApplication showing =
                new WebApplication(App.class, ALL, "management.endpoint.pubsubmessages.show-values=always")) {
            for (String key : List.of("shown", "secret")) {
                Message<?> message =
                        Message.builder("orders.created", "x").key(key).build();
                Starter.deliver(showing.bean(PubSub.class), message);
                assertThat(journey(showing, message).json().get("key").asString())
                        .isEqualTo(key.equals("secret") ? SanitizableData.SANITIZED_VALUE : key);
            }
        }
    }

    @Test
    void keysAreShownToTheAuthorizedWhereAPropertySaysSo() throws Exception {
        Message<?> message = delivered("orders.created", 1);
        MessagesEndpoint endpoint = new MessagesEndpoint(
                application.bean(PubSub.class),
                application.bean(Journeys.class),
                new Sanitizer(),
                Show.WHEN_AUTHORIZED,
                Set.of("ADMIN"));
        SecurityContext user = mock(SecurityContext.class);
        SecurityContext admin = mock(SecurityContext.class);
        when(user.getPrincipal()).thenReturn(mock(Principal.class));
        when(admin.getPrincipal()).thenReturn(mock(Principal.class));
        when(admin.isUserInRole("ADMIN")).thenReturn(true);

        assertThat(endpoint.get(user, message.id()).getBody()).hasFieldOrPropertyWithValue("key", "******");
        assertThat(endpoint.get(admin, message.id()).getBody()).hasFieldOrPropertyWithValue("key", "the key");
        assertThat(String.valueOf(endpoint.get(admin, message.id()).getBody())).doesNotContain("the key");
    }

    @Test
    void aCapacityOf0KeepsNothing() throws Exception {
        try (WebApplication off = new WebApplication(App.class, "pubsub.journey.capacity=0")) {
            Message<?> message = Message.of("orders.created", "x");
            Starter.deliver(off.bean(PubSub.class), message);

            problem(journey(off, message), 404, "pubsub.journey.capacity is 0");
            assertThat(off.get("/actuator/pubsubmessages").body())
                    .isEqualTo("{\"capacity\":0,\"perMillisecond\":0,\"messages\":[]}");
        }
    }

    // ---- routes

    @Test
    void aTopicLeadsToTheSubscriptionsWhosePatternsMatchAndNothingIsPublished() {
        long before = application.bean(PubSub.class).snapshot().publisher().accepted();

        Answer answer = application.get("/actuator/pubsubroutes?topic=orders.created");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields()).containsExactly("topic", "subscriptions");
        assertThat(answer.json().get("topic").asString()).isEqualTo("orders.created");
        assertThat(answer.json().get("subscriptions").toString())
                .isEqualTo("["
                        + "{\"id\":\"handlers.choosy\",\"patterns\":[\"**\"],\"ordering\":\"KEY\","
                        + "\"condition\":\"payload.total > 10\",\"state\":\"RUNNING\",\"pausedBy\":null,"
                        + "\"takesCopies\":true},"
                        + "{\"id\":\"handlers.failing\",\"patterns\":[\"orders.*\"],\"ordering\":\"NONE\","
                        + "\"condition\":null,\"state\":\"RUNNING\",\"pausedBy\":null,\"takesCopies\":true},"
                        + "{\"id\":\"handlers.good\",\"patterns\":[\"orders.**\",\"orders.created\"],"
                        + "\"ordering\":\"NONE\",\"condition\":null,\"state\":\"RUNNING\",\"pausedBy\":null,"
                        + "\"takesCopies\":true}]");
        assertThat(application.bean(PubSub.class).snapshot().publisher().accepted())
                .isEqualTo(before);
    }

    @Test
    void statesAreThoseOfTheMoment() {
        PubSub pubSub = application.bean(PubSub.class);
        try (AutoClosing paused = new AutoClosing(pubSub.subscribe(
                        SubscriptionSpec.builder("paused", "moment").build(), (m, d) -> {}));
                AutoClosing stopped = new AutoClosing(pubSub.subscribe(
                        SubscriptionSpec.builder("stopped", "moment")
                                .autoStartup(false)
                                .condition(m -> true)
                                .build(),
                        (m, d) -> {}))) {
            paused.subscription().pause();

            Answer answer = application.get("/actuator/pubsubroutes?topic=moment");

            assertThat(route(answer, "paused").get("state").asString()).isEqualTo("PAUSED");
            assertThat(route(answer, "paused").get("pausedBy").asString()).isEqualTo("manual");
            assertThat(route(answer, "paused").get("takesCopies").asBoolean()).isTrue();
            assertThat(route(answer, "stopped").get("state").asString()).isEqualTo("STOPPED");
            assertThat(route(answer, "stopped").get("takesCopies").asBoolean()).isFalse();
            assertThat(route(answer, "stopped").get("condition").asString()).isEqualTo("(in code)");
        }
    }

    private record AutoClosing(Subscription subscription) implements AutoCloseable {
        @Override
        public void close() {
            subscription.close();
        }
    }

    private static Message<?> delivered(String topic, int quantity) throws Exception {
        return delivered(topic, new Order("A", quantity), "the key");
    }

    private static Message<?> delivered(String topic, Object payload, String key) throws Exception {
        Message<?> message = Message.builder(topic, payload).key(key).build();
        Starter.deliver(application.bean(PubSub.class), message);
        Starter.soon()
                .until(() ->
                        !journey(application, message).json().get("acceptedAt").isNull());
        return message;
    }

    private static Answer journey(WebApplication of, Message<?> message) {
        return of.get("/actuator/pubsubmessages/" + message.id());
    }

    private static JsonNode copy(Answer answer, String id) {
        return route(answer, id);
    }

    private static JsonNode route(Answer answer, String id) {
        for (JsonNode subscription : answer.json().get("subscriptions")) {
            if (subscription.get("id").asString().equals(id)) {
                return subscription;
            }
        }
        throw new AssertionError("no subscription " + id + " in " + answer.body());
    }

    private static void problem(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().get("detail").asString()).contains(detail);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        @Bean
        SanitizingFunction masksASecretKey() {
            return data -> "secret".equals(data.getValue()) ? data.withSanitizedValue() : data;
        }
    }

    static class Handlers {
        @Subscribe("orders.*")
        void failing(Object payload) {
            throw new IllegalStateException("fails");
        }

        @Subscribe({"orders.**", "orders.created"})
        void good(Object payload) {}

        @Subscribe(topics = "**", condition = "payload.total > 10", ordering = Ordering.KEY)
        void choosy(Order order) {}
    }
}
