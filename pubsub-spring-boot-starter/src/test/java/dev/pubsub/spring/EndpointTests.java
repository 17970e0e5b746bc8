package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.Subscription;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.WebApplication.Answer;
import dev.pubsub.spring.actuate.DeadLettersEndpoint;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The endpoints over HTTP, to the letter of the contract. */
class EndpointTests {

    private static final List<String> SUBSCRIPTION_FIELDS = List.of(
            "id",
            "topics",
            "state",
            "pausedBy",
            "concurrency",
            "queued",
            "active",
            "parked",
            "accepted",
            "completed",
            "deadLettered",
            "discarded",
            "filtered",
            "retries",
            "timeouts",
            "panics",
            "abandoned",
            "lateCompletions",
            "breakerTrips",
            "circuitBreaker",
            "oldestAgeMillis");

    /** What the contract does not name, behind what it does. */
    private static final List<String> FURTHER_SUBSCRIPTION_FIELDS =
            List.of("places", "failures", "pausedMillis", "latencyTotalMillis", "latencyMaxMillis");

    private static WebApplication application;
    private static volatile boolean failing = true;

    @BeforeAll
    static void start() {
        application = new WebApplication(
                App.class, "pubsub.subscriber.retry.enabled=false", "pubsub.subscriber.circuit-breaker.enabled=false");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @AfterEach
    void reset() {
        failing = true;
        pubSub().subscriptions().forEach(Subscription::resume);
        pubSub().deadLetters().discardAll(DeadLetterQuery.all());
        Starter.soon()
                .untilAsserted(() -> assertThat(pubSub().snapshot().ledger()).isEqualTo(Ledger.BALANCED));
    }

    @Test
    void theEngineHasTheFieldsOfTheContractInItsOrder() {
        Answer answer = application.get("/actuator/pubsub");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields())
                .containsExactly("state", "transport", "publisher", "subscriptions", "deadLetters", "ledger");
        assertThat(List.copyOf(answer.json().get("publisher").propertyNames()))
                .containsExactly("inFlight", "limit", "accepted", "rejected");
        assertThat(List.copyOf(answer.json().get("subscriptions").get(0).propertyNames()))
                .containsExactlyElementsOf(
                        Stream.concat(SUBSCRIPTION_FIELDS.stream(), FURTHER_SUBSCRIPTION_FIELDS.stream())
                                .toList());
        assertThat(List.copyOf(answer.json().get("deadLetters").propertyNames()))
                .containsExactly("size");
        assertThat(answer.json().get("state").asString()).isEqualTo("RUNNING");
        assertThat(answer.json().get("transport").asString()).isEqualTo("memory");
        assertThat(answer.json().get("ledger").asString()).isEqualTo("BALANCED");
        assertThat(answer.json().get("publisher").get("limit").asInt()).isEqualTo(256);
    }

    @Test
    void aSubscriptionThatIsNotPausedHasNullThere() {
        assertThat(application
                        .get("/actuator/pubsub")
                        .json()
                        .get("subscriptions")
                        .get(0)
                        .get("pausedBy")
                        .isNull())
                .isTrue();
    }

    @Test
    void oneSubscriptionHasItsEffectiveSettingsToo() {
        Answer answer = application.get("/actuator/pubsub/orders.on");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields())
                .startsWith(SUBSCRIPTION_FIELDS.toArray(String[]::new))
                .endsWith("settings");
        assertThat(answer.json().at("/settings/concurrency").asInt()).isEqualTo(2);
        assertThat(answer.json().at("/settings/timeout").asString()).isEqualTo("PT30S");
        assertThat(answer.json().at("/settings/ordering").asString()).isEqualTo("KEY");
        assertThat(answer.json().at("/settings/retry/enabled").asBoolean()).isFalse();
        assertThat(answer.json()
                        .at("/settings/circuitBreaker/slowCallDurationThreshold")
                        .asString())
                .isEqualTo("PT15S");
        assertThat(answer.json().at("/settings/circuitBreaker/instanceName").asString())
                .isEqualTo("orders.on");
    }

    @Test
    void aSubscriptionIsPausedAndResumed() {
        Answer paused = application.post("/actuator/pubsub/orders.on", "{\"state\":\"PAUSED\"}");
        assertThat(paused.status()).isEqualTo(200);
        assertThat(paused.json().get("state").asString()).isEqualTo("PAUSED");
        assertThat(paused.json().get("pausedBy").asString()).isEqualTo("manual");
        assertThat(paused.json().get("pausedMillis").asLong()).isNotNegative();
        assertThat(application
                        .get("/actuator/health")
                        .json()
                        .at("/components/pubsub/status")
                        .asString())
                .isEqualTo("UP");
        assertThat(application
                        .get("/actuator/health")
                        .json()
                        .at("/components/pubsub/details/paused/0")
                        .asString())
                .isEqualTo("orders.on");
        Answer resumed = application.post("/actuator/pubsub/orders.on", "{\"state\":\"RUNNING\"}");
        assertThat(resumed.json().get("state").asString()).isEqualTo("RUNNING");
        assertThat(resumed.json().get("pausedMillis").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"state\":\"ASLEEP\"}", "{\"state\":\"running\"}", "{}", "{\"state\":null}"})
    void aBadStateIsABadRequest(String body) {
        problem(application.post("/actuator/pubsub/orders.on", body), 400, "{\"state\":\"PAUSED\"}");
    }

    @Test
    void aFieldThatDoesNotExistIsABadRequest() {
        problem(application.post("/actuator/pubsub/orders.on", "{\"state\":\"PAUSED\",\"why\":\"x\"}"), 400, "'why'");
        assertThat(pubSub().subscription("orders.on").orElseThrow().state()).isEqualTo(Subscription.State.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "not json", "{\"state\":", "{\"state\":{\"a\":1}}"})
    void aBodyThatIsNoJsonObjectIsABadRequest(String body) {
        problem(application.post("/actuator/pubsub/orders.on", body), 400, "JSON object");
    }

    @Test
    void anUnknownSubscriptionIsNotFound() {
        problem(application.get("/actuator/pubsub/nobody"), 404, "no subscription 'nobody'");
        problem(application.post("/actuator/pubsub/nobody", "{\"state\":\"PAUSED\"}"), 404, "no subscription 'nobody'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/pubsub?x=1",
                "/actuator/pubsub/orders.on?x=1",
                "/actuator/pubsubdeadletters?subscriptions=orders.on",
                "/actuator/pubsubdeadletters/some-id?x=1",
                "/actuator/pubsubreplays?x=1",
                "/actuator/pubsubmessages?x=1",
                "/actuator/pubsubmessages/some-id?x=1",
                "/actuator/pubsubroutes?topic=a&x=1",
                "/actuator/pubsubasyncapi?x=1"
            })
    void anUnknownParameterIsABadRequest(String path) {
        problem(application.get(path), 400, "There is no parameter '");
    }

    @Test
    void whatALoginLeavesInTheAddressIsNone() {
        assertThat(application.get("/actuator/pubsub?continue").status()).isEqualTo(200);
        problem(application.get("/actuator/pubsub?continue=1"), 400, "'continue'");
    }

    @Test
    void aMethodThatDoesNotExistIsNotAllowed() {
        problem(application.send("DELETE", "/actuator/pubsub", null, null), 405, "allowed: GET");
    }

    @Test
    void theApplicationsOwnNamingStrategyDoesNotReachTheEndpoint() {
        try (WebApplication snake =
                new WebApplication(App.class, "spring.jackson.property-naming-strategy=SNAKE_CASE")) {
            assertThat(snake.get("/actuator/pubsub").fields()).contains("deadLetters");
            assertThat(snake.get("/actuator/pubsub/orders.on").fields()).contains("oldestAgeMillis", "settings");
            problem(snake.get("/actuator/pubsub/nobody"), 404, "nobody");
        }
    }

    @Test
    void aManagementPortOfItsOwnServesTheSame() {
        try (WebApplication apart = new WebApplication(App.class, "management.server.port=0")) {
            assertThat(apart.get("/actuator/pubsub").status()).isEqualTo(404);
            WebApplication management = apart.onPort("local.management.port");
            assertThat(management.get("/actuator/pubsub").json().get("subscriptions"))
                    .hasSize(1);
            problem(management.get("/actuator/pubsub?x=1"), 400, "'x'");
            problem(management.send("DELETE", "/actuator/pubsub", null, null), 405, "allowed: GET");
        }
    }

    @Test
    void errorsAreToldBelowThePathOfTheServletToo() {
        try (WebApplication below =
                new WebApplication(App.class, "spring.mvc.servlet.path=/mvc", "server.servlet.context-path=/app")) {
            problem(below.send("DELETE", "/app/mvc/actuator/pubsub", null, null), 405, "allowed: GET");
            problem(below.post("/app/mvc/actuator/pubsub/orders.on", "[]"), 400, "JSON object");
        }
    }

    @Test
    void otherPathsKeepTheirOwnErrors() {
        assertThat(application.send("DELETE", "/actuator/health", null, null).body())
                .doesNotContain("endpoint's access");
    }

    @Test
    void deadLettersHaveTheFieldsOfTheContract() throws Exception {
        kill("a", "k1");
        Answer answer = application.get("/actuator/pubsubdeadletters");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields()).containsExactly("total", "deadLetters", "groups");
        assertThat(answer.json().get("total").asLong()).isEqualTo(1);
        assertThat(List.copyOf(answer.json().at("/deadLetters/0").propertyNames()))
                .containsExactly(
                        "id",
                        "subscriptionId",
                        "message",
                        "reason",
                        "attempts",
                        "exceptionType",
                        "exceptionMessage",
                        "stackTrace",
                        "fingerprint",
                        "failedAt",
                        "replays");
        assertThat(List.copyOf(answer.json().at("/groups/0").propertyNames()))
                .containsExactly("fingerprint", "exceptionType", "count", "first", "last", "subscriptions", "reasons");
        assertThat(answer.json().at("/deadLetters/0/exceptionType").asString())
                .isEqualTo(IllegalStateException.class.getName());
        assertThat(answer.json().at("/deadLetters/0/stackTrace").asString()).contains("EndpointTests");
        assertThat(answer.json().at("/groups/0/count").asInt()).isEqualTo(1);
    }

    @Test
    void valuesAreMaskedByDefault() throws Exception {
        kill("a", "k1");
        Answer answer = application.get("/actuator/pubsubdeadletters");
        assertThat(answer.json().at("/deadLetters/0/message/payload").asString())
                .isEqualTo("******");
        assertThat(answer.json().at("/deadLetters/0/message/headers/region").asString())
                .isEqualTo("******");
        assertThat(answer.json().at("/deadLetters/0/exceptionMessage").asString())
                .isEqualTo("******");
        assertThat(answer.json().at("/deadLetters/0/message/payloadType").asString())
                .isEqualTo(String.class.getName());
    }

    @Test
    void valuesAreShownAlwaysWhereAPropertySaysSoExceptWhatASanitizingFunctionMasks() throws Exception {
        try (WebApplication showing = new WebApplication(
                App.class,
                "management.endpoint.pubsubdeadletters.show-values=always",
                "pubsub.subscriber.retry.enabled=false")) {
            PubSub pubSub = showing.bean(PubSub.class);
            Starter.deliver(
                    pubSub,
                    Message.builder("orders.created", "x".repeat(10_000))
                            .header("region", "eu")
                            .header("token", "hidden")
                            .build());
            Answer answer = showing.get("/actuator/pubsubdeadletters");
            assertThat(answer.json().at("/deadLetters/0/message/payload").asString())
                    .startsWith("xxx")
                    .hasSize(4_001);
            assertThat(answer.json().at("/deadLetters/0/message/headers/region").asString())
                    .isEqualTo("eu");
            assertThat(answer.json().at("/deadLetters/0/message/headers/token").asString())
                    .isEqualTo("******");
            assertThat(answer.json().at("/deadLetters/0/exceptionMessage").asString())
                    .isEqualTo("fails");
        }
    }

    @Test
    void valuesAreShownToTheAuthorizedWhereAPropertySaysSo() throws Exception {
        kill("a", "k1");
        DeadLettersEndpoint endpoint =
                new DeadLettersEndpoint(pubSub(), new Sanitizer(), codec(), Show.WHEN_AUTHORIZED, Set.of("ADMIN"));
        String id = ids().get(0);
        SecurityContext nobody = mock(SecurityContext.class);
        SecurityContext user = mock(SecurityContext.class);
        SecurityContext admin = mock(SecurityContext.class);
        when(user.getPrincipal()).thenReturn(mock(Principal.class));
        when(admin.getPrincipal()).thenReturn(mock(Principal.class));
        when(admin.isUserInRole("ADMIN")).thenReturn(true);
        assertThat(String.valueOf(endpoint.get(nobody, id).getBody())).contains("payload=******");
        assertThat(String.valueOf(endpoint.get(user, id).getBody())).contains("payload=******");
        assertThat(String.valueOf(endpoint.get(admin, id).getBody())).contains("payload=a");
    }

    @Test
    void deadLettersAreFilteredAndPaged() throws Exception {
        kill("a", "k1");
        kill("b", "k2");
        String fingerprint =
                pubSub().deadLetters().find(DeadLetterQuery.all()).get(0).fingerprint();
        total("?subscription=orders.on", 2);
        total("?subscription=other", 0);
        total("?reason=FAILURE", 2);
        total("?reason=timeout", 0);
        total("?fingerprint=" + fingerprint, 2);
        total("?fingerprint=none", 0);
        Answer page = application.get("/actuator/pubsubdeadletters?limit=1&offset=1");
        assertThat(page.json().get("total").asInt()).isEqualTo(2);
        assertThat(page.json().get("deadLetters")).hasSize(1);
        assertThat(page.json().at("/deadLetters/0/id").asString()).isEqualTo(ids().get(1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "reason=bored, 'reason' must be one of",
                "limit=0, 'limit' must be a whole number",
                "limit=many, 'limit' must be a whole number",
                "offset=-1, 'offset' must be a whole number",
                "subscription=, 'subscription' is empty",
                "limit=1&limit=2, 'limit' was given more than once"
            })
    void aBadFilterIsABadRequest(String query, String text) {
        problem(application.get("/actuator/pubsubdeadletters?" + query), 400, text);
    }

    @Test
    void oneDeadLetter() throws Exception {
        kill("a", "k1");
        Answer answer = application.get("/actuator/pubsubdeadletters/" + ids().get(0));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("subscriptionId").asString()).isEqualTo("orders.on");
        assertThat(answer.json().get("message").get("topic").asString()).isEqualTo("orders.created");
    }

    @Test
    void anUnknownDeadLetterIsNotFound() {
        problem(application.get("/actuator/pubsubdeadletters/none"), 404, "no dead letter 'none'");
        problem(application.send("POST", "/actuator/pubsubdeadletters/none", null, null), 404, "no dead letter 'none'");
        problem(application.send("DELETE", "/actuator/pubsubdeadletters/none", null, null), 404, "no dead letter");
    }

    @Test
    void oneDeadLetterIsReplayed() throws Exception {
        kill("a", "k1");
        failing = false;
        assertThat(application
                        .send("POST", "/actuator/pubsubdeadletters/" + ids().get(0), null, null)
                        .status())
                .isEqualTo(204);
        Starter.soon().until(() -> ids().isEmpty());
    }

    @Test
    void aReplayWithoutItsSubscriptionIsRefusedAndTheDeadLetterStays() throws Exception {
        Subscription gone = pubSub().subscribe(
                        dev.pubsub.SubscriptionSpec.builder("gone", "gone")
                                .retry(dev.pubsub.RetryPolicy.disabled())
                                .build(),
                        (message, delivery) -> {
                            throw new IllegalStateException("fails");
                        });
        Starter.deliver(pubSub(), Message.of("gone", "x"));
        gone.close();
        problem(application.send("POST", "/actuator/pubsubdeadletters/" + ids().get(0), null, null), 409, "");
        assertThat(ids()).hasSize(1);
    }

    @Test
    void manyDeadLettersAreReplayed() throws Exception {
        kill("a", "k1");
        kill("b", "k2");
        Answer dry =
                application.post("/actuator/pubsubdeadletters", "{\"subscription\":\"orders.on\",\"dryRun\":true}");
        assertThat(dry.status()).isEqualTo(200);
        assertThat(dry.json().get("matched").asInt()).isEqualTo(2);
        assertThat(dry.json().get("replayId").isNull()).isTrue();
        assertThat(ids()).hasSize(2);
        failing = false;
        Answer replay = application.post("/actuator/pubsubdeadletters", "{\"all\":true,\"rate\":1000}");
        assertThat(replay.fields()).containsExactly("replayId", "matched");
        Starter.soon().until(() -> ids().isEmpty());
        String id = replay.json().get("replayId").asString();
        Starter.soon().untilAsserted(() -> assertThat(application
                        .get("/actuator/pubsubreplays/" + id)
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("DONE"));
        assertThat(application
                        .get("/actuator/pubsubreplays")
                        .json()
                        .at("/replays/0/replayId")
                        .asString())
                .isEqualTo(id);
        assertThat(application
                        .get("/actuator/pubsubreplays/" + id)
                        .json()
                        .get("replayed")
                        .asInt())
                .isEqualTo(2);
        assertThat(application
                        .send("DELETE", "/actuator/pubsubreplays/" + id, null, null)
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aReplayOfManyKeepsItsRateAndIsStopped() throws Exception {
        kill("a", "k1");
        kill("b", "k2");
        kill("c", "k3");
        failing = false;
        String id = application
                .post("/actuator/pubsubdeadletters", "{\"reason\":\"FAILURE\",\"rate\":0.001}")
                .json()
                .get("replayId")
                .asString();
        Starter.soon().until(() -> ids().size() == 2);
        Answer running = application.get("/actuator/pubsubreplays/" + id);
        assertThat(running.fields()).containsExactly("replayId", "state", "matched", "replayed", "refused");
        assertThat(running.json().get("state").asString()).isEqualTo("RUNNING");
        assertThat(running.json().get("matched").asInt()).isEqualTo(3);
        assertThat(running.json().get("replayed").asInt()).isEqualTo(1);

        assertThat(application
                        .send("DELETE", "/actuator/pubsubreplays/" + id, null, null)
                        .status())
                .isEqualTo(204);

        assertThat(application
                        .get("/actuator/pubsubreplays/" + id)
                        .json()
                        .get("state")
                        .asString())
                .isEqualTo("STOPPED");
        assertThat(ids()).hasSize(2);
    }

    @Test
    void groupsAreByFingerprintTheLargestFirst() throws Exception {
        kill("a", "k1");
        kill("a panic", "k2");
        kill("b", "k3");
        Answer all = application.get("/actuator/pubsubdeadletters?limit=1");
        assertThat(all.json().get("deadLetters")).hasSize(1);
        assertThat(all.json().get("groups")).hasSize(2);
        assertThat(all.json().at("/groups/0/count").asInt()).isEqualTo(2);
        assertThat(all.json().at("/groups/0/reasons/0").asString()).isEqualTo("FAILURE");
        assertThat(all.json().at("/groups/0/subscriptions/0").asString()).isEqualTo("orders.on");
        assertThat(all.json().at("/groups/1/exceptionType").asString()).isEqualTo(AssertionError.class.getName());
        String fingerprint = all.json().at("/groups/1/fingerprint").asString();
        Answer one = application.get("/actuator/pubsubdeadletters?fingerprint=" + fingerprint);
        assertThat(one.json().get("groups")).hasSize(1);
        assertThat(one.json().at("/deadLetters/0/reason").asString()).isEqualTo("PANIC");
    }

    @Test
    void anUnknownFilterDropsAndReplaysNothing() throws Exception {
        kill("a", "k1");
        problem(
                application.send("DELETE", "/actuator/pubsubdeadletters?all=true&topic=x", null, null),
                400,
                "There is no parameter 'topic' here; there are all, fingerprint, reason, subscription");
        problem(
                application.post("/actuator/pubsubdeadletters", "{\"all\":true,\"limit\":1}"),
                400,
                "There is no parameter 'limit'");
        assertThat(ids()).hasSize(1);
    }

    @Test
    void anUnknownReplayIsNotFound() {
        problem(application.get("/actuator/pubsubreplays/none"), 404, "no replay 'none'");
        problem(application.send("DELETE", "/actuator/pubsubreplays/none", null, null), 404, "no replay 'none'");
    }

    @Test
    void deadLettersAreDiscarded() throws Exception {
        kill("a", "k1");
        kill("b", "k2");
        assertThat(application
                        .send("DELETE", "/actuator/pubsubdeadletters/" + ids().get(0), null, null)
                        .status())
                .isEqualTo(204);
        Answer rest = application.send("DELETE", "/actuator/pubsubdeadletters?reason=FAILURE", null, null);
        assertThat(rest.status()).isEqualTo(200);
        assertThat(rest.json().get("discarded").asInt()).isEqualTo(1);
        assertThat(ids()).isEmpty();
    }

    @Test
    void bulkFormsWithoutAFilterNeedAll() throws Exception {
        kill("a", "k1");
        problem(application.send("DELETE", "/actuator/pubsubdeadletters", null, null), 400, "all");
        problem(application.send("DELETE", "/actuator/pubsubdeadletters?all=false", null, null), 400, "all");
        problem(application.post("/actuator/pubsubdeadletters", "{}"), 400, "all");
        problem(application.post("/actuator/pubsubdeadletters", "{\"all\":\"perhaps\"}"), 400, "'all' must be");
        problem(application.post("/actuator/pubsubdeadletters", "{\"all\":true,\"rate\":0}"), 400, "'rate' must be");
        problem(application.post("/actuator/pubsubdeadletters", "{\"al\":true}"), 400, "'al'");
        assertThat(ids()).hasSize(1);
        assertThat(application
                        .send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null)
                        .json()
                        .get("discarded")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void healthHasTheComponentPubsub() {
        Answer answer = application.get("/actuator/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/components/pubsub/status").asString()).isEqualTo("UP");
        assertThat(answer.json().at("/components/pubsub/details/ledger").asString())
                .isEqualTo("BALANCED");
    }

    @Test
    void healthIsInNoLivenessOrReadinessGroup() {
        assertThat(application.get("/actuator/health/readiness").body()).doesNotContain("pubsub");
        assertThat(application.get("/actuator/health/liveness").body()).doesNotContain("pubsub");
    }

    private void total(String query, int expected) {
        assertThat(application
                        .get("/actuator/pubsubdeadletters" + query)
                        .json()
                        .get("total")
                        .asInt())
                .isEqualTo(expected);
    }

    private static void kill(String payload, String key) throws Exception {
        Starter.deliver(
                pubSub(),
                Message.builder("orders.created", payload)
                        .key(key)
                        .header("region", "eu")
                        .build());
    }

    private static List<String> ids() {
        return pubSub().deadLetters().find(DeadLetterQuery.all()).stream()
                .map(DeadLetter::id)
                .toList();
    }

    private static PayloadCodec codec() {
        return application.bean(PayloadCodec.class);
    }

    private static PubSub pubSub() {
        return application.bean(PubSub.class);
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

        @Bean
        SanitizingFunction masksTokens() {
            return SanitizingFunction.sanitizeValue().ifKeyEquals("token");
        }
    }

    static class Orders {
        @Subscribe(topics = "orders.created", concurrency = "2", ordering = Ordering.KEY)
        void on(Object payload) {
            if (failing && payload.equals("a panic")) {
                throw new AssertionError("panics");
            }
            if (failing) {
                throw new IllegalStateException("fails");
            }
        }
    }
}
