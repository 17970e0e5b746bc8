package dev.pubsub.console;

import static dev.pubsub.console.Served.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** The console behind Spring Security: who is asked to sign in, what a token is for, who may do what. */
@ExtendWith(OutputCaptureExtension.class)
class ConsoleSecurityTests {

    private static final String PAUSE = "{\"state\":\"PAUSED\"}";
    private static final String ALL_EXPOSED = "management.endpoints.web.exposure.include=*";
    private static final String MASK = "******";
    private static final String PAYLOAD = "payload-of-ann";
    private static final String KEY = "key-of-ann";
    private static final String HEADER = "header-of-ann";

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void anonymousCallersSeeNothing(WebApplicationType type) {
        try (Served application = Served.secured(type, ConsoleTests.App.class)) {
            for (String path :
                    new String[] {"pubsubconsole", "pubsubconsole/console.js", "pubsub", "pubsubdeadletters"}) {
                HttpResponse<String> answer = application.get("/actuator/" + path, "Accept", "application/json");
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.body()).doesNotContain("PubSub", "orders");
            }
            HttpResponse<String> browser = application.get("/actuator/pubsubconsole", "Accept", "text/html");
            assertThat(browser.statusCode()).isEqualTo(302);
            assertThat(header(browser, "Location")).endsWith("/login");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aTokenIsNeededToChangeAnything(WebApplicationType type, CapturedOutput output) {
        try (Served application = Served.secured(type, ConsoleTests.App.class)) {
            Served ada = application.as("ada", "secret");
            // The token is asked for before the password is looked at: no way in, or no permission.
            assertThat(ada.post("/actuator/pubsub/orders", PAUSE).statusCode()).isIn(401, 403);
            assertThat(state(application)).isEqualTo(Subscription.State.RUNNING);

            HttpResponse<String> page = ada.send("HEAD", "/actuator/pubsubconsole", null);
            String name = header(page, "PubSub-Csrf-Header");
            String token = header(page, "PubSub-Csrf-Token");
            assertThat(name).isEqualTo("X-CSRF-TOKEN");
            assertThat(ada.post("/actuator/pubsub/orders", PAUSE, name, token).statusCode())
                    .isEqualTo(200);

            assertThat(state(application)).isEqualTo(Subscription.State.PAUSED);
            assertThat(output.getAll()).contains("By 'ada': pause subscription 'orders'");
            assertThat(header(ada.get("/actuator/pubsubconsole/console.js"), "PubSub-Csrf-Token"))
                    .isEmpty();
        }
    }

    @Test
    void aManagementPortOfItsOwnIsGuardedToo() {
        try (Served application =
                Served.secured(WebApplicationType.SERVLET, ConsoleTests.App.class, "management.server.port=0")) {
            Served management = application.onManagementPort();
            assertThat(management
                            .get("/actuator/pubsubconsole", "Accept", "application/json")
                            .statusCode())
                    .isEqualTo(401);
            Served ada = management.as("ada", "secret");
            HttpResponse<String> page = ada.get("/actuator/pubsubconsole");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(ada.post(
                                    "/actuator/pubsub/orders",
                                    PAUSE,
                                    header(page, "PubSub-Csrf-Header"),
                                    header(page, "PubSub-Csrf-Token"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    /** The chain that docs/console.md shows. */
    @Test
    void readersReadAndOperatorsOperate() {
        try (Served application = Served.secured(WebApplicationType.SERVLET, Guarded.class)) {
            Served reader = application.as("reader", "r");
            Served operator = application.as("operator", "o");
            HttpResponse<String> page = reader.get("/actuator/pubsubconsole");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(reader.get("/actuator/pubsub").statusCode()).isEqualTo(200);
            assertThat(pause(reader, page)).isEqualTo(403);
            assertThat(pause(operator, operator.get("/actuator/pubsubconsole"))).isEqualTo(200);
            assertThat(application.as("stranger", "s").get("/actuator/pubsub").statusCode())
                    .isEqualTo(403);
        }
    }

    /** As docs/settings.md says it: by properties alone. */
    @Test
    void valuesAreShownToTheirRolesAndToNobodyElse() throws Exception {
        try (Served application = Served.secured(
                WebApplicationType.SERVLET,
                Guarded.class,
                ALL_EXPOSED,
                "management.endpoint.pubsubdeadletters.show-values=when-authorized",
                "management.endpoint.pubsubdeadletters.roles=OPERATOR",
                "management.endpoint.pubsubmessages.show-values=when-authorized",
                "management.endpoint.pubsubmessages.roles=OPERATOR")) {
            List<String> paths = pathsOfOneThatFailed(application);
            Served reader = application.as("reader", "r");
            Served operator = application.as("operator", "o");

            for (String path : paths) {
                assertThat(reader.get(path).body())
                        .as(path)
                        .contains(MASK)
                        .doesNotContain(KEY, PAYLOAD, HEADER, "fails");
                assertThat(operator.get(path).body()).as(path).contains(KEY).doesNotContain(MASK);
            }
            assertThat(operator.get("/actuator/pubsubdeadletters").body()).contains(PAYLOAD, HEADER, "fails");
        }
    }

    @Test
    void withoutRolesValuesAreShownToWhoeverHasSignedInAndMayRead() throws Exception {
        try (Served application = Served.secured(
                WebApplicationType.SERVLET,
                Guarded.class,
                ALL_EXPOSED,
                "management.endpoint.pubsubdeadletters.show-values=when-authorized",
                "management.endpoint.pubsubmessages.show-values=when-authorized")) {
            for (String path : pathsOfOneThatFailed(application)) {
                assertThat(application.as("reader", "r").get(path).body())
                        .as(path)
                        .contains(KEY);
                assertThat(application.as("stranger", "s").get(path).statusCode())
                        .isEqualTo(403);
            }
        }
    }

    /** Where a dead letter and its message's journey are shown. */
    private static List<String> pathsOfOneThatFailed(Served application) throws Exception {
        Message<String> message = Message.builder("orders.created", PAYLOAD)
                .key(KEY)
                .header("tenant", HEADER)
                .build();
        PubSub pubSub = application.bean(PubSub.class);
        pubSub.deliver(message).get(10, TimeUnit.SECONDS);
        String letter = pubSub.deadLetters().find(DeadLetterQuery.all()).get(0).id();
        return List.of(
                "/actuator/pubsubdeadletters",
                "/actuator/pubsubdeadletters/" + letter,
                "/actuator/pubsubmessages",
                "/actuator/pubsubmessages/" + message.id());
    }

    private static int pause(Served user, HttpResponse<String> page) {
        return user.post(
                        "/actuator/pubsub/orders",
                        PAUSE,
                        header(page, "PubSub-Csrf-Header"),
                        header(page, "PubSub-Csrf-Token"))
                .statusCode();
    }

    private static Subscription.State state(Served application) {
        return application
                .bean(PubSub.class)
                .subscription("orders")
                .orElseThrow()
                .state();
    }

    @Configuration(proxyBeanMethods = false)
    @Import(ConsoleTests.App.class)
    static class Guarded {
        @Bean
        SecurityFilterChain operations(HttpSecurity http) throws Exception {
            return http.securityMatcher("/actuator/**", "/pubsub", "/login", "/logout", "/default-ui.css")
                    .authorizeHttpRequests(
                            requests -> requests.requestMatchers(HttpMethod.GET, "/actuator/**", "/pubsub")
                                    .hasAnyRole("READER", "OPERATOR")
                                    .requestMatchers(HttpMethod.OPTIONS, "/actuator/**")
                                    .hasAnyRole("READER", "OPERATOR")
                                    .anyRequest()
                                    .hasRole("OPERATOR"))
                    .formLogin(login -> {})
                    .httpBasic(basic -> {})
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("reader")
                            .password("{noop}r")
                            .roles("READER")
                            .build(),
                    User.withUsername("operator")
                            .password("{noop}o")
                            .roles("OPERATOR")
                            .build(),
                    User.withUsername("stranger")
                            .password("{noop}s")
                            .roles("NOBODY")
                            .build());
        }
    }
}
