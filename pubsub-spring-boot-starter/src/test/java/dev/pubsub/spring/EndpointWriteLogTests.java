package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.OncePerRequestFilter;

/** Each change through an endpoint is logged once, with who made it and what it was. */
class EndpointWriteLogTests {

    private static final String LOGGER = "dev.pubsub.spring.actuate";

    private static volatile String user;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private static WebApplication application;

    @BeforeAll
    static void start() {
        application = new WebApplication(App.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(LOGGER)).addAppender(log);
    }

    @AfterEach
    void reset() {
        ((Logger) LoggerFactory.getLogger(LOGGER)).detachAppender(log);
        user = null;
        pubSub().deadLetters().discardAll(DeadLetterQuery.all());
    }

    @Test
    void pausingAndResuming() {
        user = "ada";
        application.post("/actuator/pubsub/orders", "{\"state\":\"PAUSED\"}");
        application.post("/actuator/pubsub/orders", "{\"state\":\"RUNNING\"}");
        assertThat(lines())
                .containsExactly("By 'ada': pause subscription 'orders'", "By 'ada': resume subscription 'orders'");
    }

    @Test
    void replayingAndDiscardingOne() throws Exception {
        String first = kill();
        String second = kill();
        user = "ada";
        application.send("POST", "/actuator/pubsubdeadletters/" + first, null, null);
        application.send("DELETE", "/actuator/pubsubdeadletters/" + second, null, null);
        assertThat(lines())
                .containsExactly("By 'ada': replay dead letter " + first, "By 'ada': discard dead letter " + second);
    }

    @Test
    void replayingAndDiscardingMany() throws Exception {
        kill();
        String replay = application
                .post("/actuator/pubsubdeadletters", "{\"subscription\":\"orders\",\"rate\":50}")
                .json()
                .get("replayId")
                .asString();
        Starter.soon()
                .until(() ->
                        pubSub().deadLetters().replays().get(0).state().name().equals("DONE"));
        application.send("DELETE", "/actuator/pubsubreplays/" + replay, null, null);
        Starter.soon().until(() -> pubSub().deadLetters().size() == 1);
        application.send("DELETE", "/actuator/pubsubdeadletters?all=true", null, null);
        assertThat(lines())
                .containsExactly(
                        "By a caller who is not authenticated: replay dead letters, those with subscription 'orders',"
                                + " 50.0 a second: 1 matched, as " + replay,
                        "By a caller who is not authenticated: stop " + replay + " after 1 of 1",
                        "By a caller who is not authenticated: discard dead letters, all: 1");
    }

    @Test
    void whatIsRefused() throws Exception {
        Subscription gone = pubSub().subscribe(
                        SubscriptionSpec.builder("gone", "gone")
                                .retry(RetryPolicy.disabled())
                                .build(),
                        (message, delivery) -> {
                            throw new IllegalStateException("fails");
                        });
        Starter.deliver(pubSub(), Message.of("gone", "x"));
        gone.close();
        String id = pubSub().deadLetters().find(DeadLetterQuery.all()).get(0).id();
        application.send("POST", "/actuator/pubsubdeadletters/" + id, null, null);
        assertThat(lines()).singleElement().asString().contains("replay dead letter " + id + ": refused, ");
    }

    @Test
    void aNameCannotForgeALine() {
        user = "ada'\n2026-01-01 INFO all is well";
        application.post("/actuator/pubsub/orders", "{\"state\":\"RUNNING\"}");
        assertThat(lines()).singleElement().asString().contains("\\u000A2026-01-01");
    }

    @Test
    void notReadingTryingOrMistakes() throws Exception {
        kill();
        application.get("/actuator/pubsubdeadletters");
        application.post("/actuator/pubsubdeadletters", "{\"all\":true,\"dryRun\":true}");
        application.post("/actuator/pubsubdeadletters", "{}");
        application.post("/actuator/pubsub/orders", "{\"state\":\"ASLEEP\"}");
        application.send("DELETE", "/actuator/pubsubdeadletters/none", null, null);
        assertThat(lines()).isEmpty();
    }

    private List<String> lines() {
        return log.list.stream()
                .filter(event -> event.getLevel() == Level.INFO)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private static String kill() throws Exception {
        Starter.deliver(pubSub(), Message.of("orders.created", "x"));
        List<DeadLetter> letters = pubSub().deadLetters().find(DeadLetterQuery.all());
        return letters.get(letters.size() - 1).id();
    }

    private static PubSub pubSub() {
        return application.bean(PubSub.class);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Orders orders() {
            return new Orders();
        }

        /** As Spring Security would say who it is. */
        @Bean
        OncePerRequestFilter login() {
            return new OncePerRequestFilter() {
                @Override
                protected void doFilterInternal(
                        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                        throws ServletException, IOException {
                    chain.doFilter(
                            new HttpServletRequestWrapper(request) {
                                @Override
                                public Principal getUserPrincipal() {
                                    return user == null ? null : () -> user;
                                }
                            },
                            response);
                }
            };
        }
    }

    static class Orders {
        @Subscribe(id = "orders", topics = "orders.created")
        void on(Object payload) {
            throw new AssertionError("fails");
        }
    }
}
