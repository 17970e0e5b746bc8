package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.spring.WebApplication.Answer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Boot's access levels, endpoint by endpoint and for all. */
class EndpointAccessTests {

    @Test
    void readOnlyShowsAndChangesNothing() throws Exception {
        try (WebApplication application = application(
                "management.endpoint.pubsub.access=read-only",
                "management.endpoint.pubsubdeadletters.access=read-only",
                "management.endpoint.pubsubreplays.access=read-only")) {
            nothingCanBeChanged(application);
        }
    }

    @Test
    void readOnlyForAllEndpointsIsReadOnlyForOurs() throws Exception {
        try (WebApplication application = application("management.endpoints.access.max-permitted=read-only")) {
            nothingCanBeChanged(application);
        }
    }

    @Test
    void withoutAccessThereIsNoEndpoint() {
        try (WebApplication application = application(
                "management.endpoint.pubsub.access=none",
                "management.endpoint.pubsubdeadletters.access=none",
                "management.endpoint.pubsubreplays.access=none")) {
            assertThat(application.get("/actuator/pubsub").status()).isEqualTo(404);
            assertThat(application.get("/actuator/pubsubdeadletters").status()).isEqualTo(404);
            assertThat(application.get("/actuator/pubsubreplays").status()).isEqualTo(404);
        }
    }

    /** What a page needs to know before it offers a button. */
    @Test
    void theAllowHeaderTellsWhatIsPermitted() {
        try (WebApplication application = application("management.endpoint.pubsub.access=read-only")) {
            assertThat(application.options("/actuator/pubsub/orders.on")).doesNotContain("POST");
            assertThat(application.options("/actuator/pubsubdeadletters")).contains("GET", "POST", "DELETE");
            assertThat(application.options("/actuator/pubsubdeadletters/any")).contains("GET", "POST", "DELETE");
            assertThat(application.options("/actuator/pubsubreplays/any")).contains("GET", "DELETE");
        }
    }

    private static void nothingCanBeChanged(WebApplication application) throws Exception {
        PubSub pubSub = application.bean(PubSub.class);
        Starter.deliver(pubSub, Message.of("orders.created", "x"));
        DeadLetter letter = pubSub.deadLetters().find(DeadLetterQuery.all()).get(0);
        String one = "/actuator/pubsubdeadletters/" + letter.id();
        forbidden(application.post("/actuator/pubsub/orders.on", "{\"state\":\"PAUSED\"}"));
        forbidden(application.post("/actuator/pubsubdeadletters", "{\"all\":true}"));
        forbidden(application.send("POST", one, null, null));
        forbidden(application.send("DELETE", one, null, null));
        forbidden(application.send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null));
        forbidden(application.send("DELETE", "/actuator/pubsubreplays/any", null, null));

        assertThat(application.get("/actuator/pubsub").status()).isEqualTo(200);
        assertThat(application.get(one).status()).isEqualTo(200);
        assertThat(application.get("/actuator/pubsubreplays").status()).isEqualTo(200);
        assertThat(pubSub.deadLetters().size()).isEqualTo(1);
        assertThat(pubSub.subscription("orders.on").orElseThrow().state()).isEqualTo(Subscription.State.RUNNING);
    }

    private static void forbidden(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(405);
        assertThat(answer.json().get("detail").asString()).contains("forbidden by the endpoint's access");
    }

    private static WebApplication application(String... properties) {
        return new WebApplication(App.class, properties);
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
        @Subscribe(topics = "orders.created")
        void on(Object payload) {
            throw new AssertionError("fails");
        }
    }
}
