package dev.pubsub.console;

import static dev.pubsub.console.Served.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.spring.Subscribe;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the console is served, and how, on Spring MVC and on WebFlux. */
@ExtendWith(OutputCaptureExtension.class)
class ConsoleTests {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"#][^\"]*)\"");
    private static final Pattern IMPORT = Pattern.compile("from '\\./([^']+)'");

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void thePageAndAllThatItIsMadeOf(WebApplicationType type) {
        try (Served application = Served.open(type, App.class)) {
            HttpResponse<String> page = application.get("/actuator/pubsubconsole", "Accept", "text/html,*/*;q=0.8");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "Content-Type")).startsWith("text/html");
            assertThat(endpoints(page))
                    .contains(
                            "pubsub=pubsub",
                            "pubsubdeadletters=pubsubdeadletters",
                            "pubsubreplays=pubsubreplays",
                            "health=health");
            List<String> links = matches(LINK, page.body());
            assertThat(links).isNotEmpty().allMatch(link -> link.startsWith("pubsubconsole/"));
            links.forEach(link -> asset(application, "/actuator/" + link));
            assertThat(asset(application, "/actuator/pubsubconsole/uplot.js").body())
                    .contains("uPlot");
        }
    }

    @Test
    void everyModuleIsFound() {
        try (Served application = Served.open(WebApplicationType.SERVLET, App.class)) {
            List<String> modules = matches(
                    IMPORT,
                    application.get("/actuator/pubsubconsole/console.js").body());
            assertThat(modules).contains("api.js", "deadletters.js");
            for (String module : modules) {
                String script =
                        asset(application, "/actuator/pubsubconsole/" + module).body();
                matches(IMPORT, script).forEach(next -> asset(application, "/actuator/pubsubconsole/" + next));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void nothingElseIsServed(WebApplicationType type) {
        try (Served application = Served.open(type, App.class)) {
            for (String name : List.of(
                    "none.js",
                    "index.html",
                    "application.yml",
                    "..%2Fpage%2Fconsole.js",
                    "PubSubConsole.class",
                    "%2e%2e")) {
                assertThat(application.get("/actuator/pubsubconsole/" + name).statusCode())
                        .as(name)
                        .isIn(400, 404);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void theShortAddressLeadsThere(WebApplicationType type) {
        try (Served application = Served.open(type, App.class, "management.endpoints.web.base-path=/ops")) {
            HttpResponse<String> answer = application.get("/pubsub");
            assertThat(answer.statusCode()).isEqualTo(302);
            // Relative, so that it is right below whatever prefix a proxy takes away.
            assertThat(header(answer, "Location")).isEqualTo("./ops/pubsubconsole");
            assertThat(application.get("/ops/pubsubconsole").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theShortAddressIsRightBelowAContextAndAServletPath() {
        try (Served application = Served.open(
                WebApplicationType.SERVLET,
                App.class,
                "server.servlet.context-path=/app",
                "spring.mvc.servlet.path=/mvc")) {
            String location = header(application.get("/app/mvc/pubsub"), "Location");
            HttpResponse<String> page = application.get(
                    URI.create("/app/mvc/pubsub").resolve(location).getPath());
            assertThat(page.uri().getPath()).isEqualTo("/app/mvc/actuator/pubsubconsole");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "Content-Security-Policy")).isNotEmpty();
        }
    }

    @Test
    void theShortAddressIsLeftToAnApplicationThatUsesIt() {
        try (Served application = Served.open(WebApplicationType.SERVLET, AppWithItsOwn.class)) {
            assertThat(application.get("/pubsub").body()).isEqualTo("mine");
        }
    }

    @Test
    void otherPathsOfTheEndpointsAreFollowed() {
        try (Served application = Served.open(
                WebApplicationType.SERVLET,
                App.class,
                "management.endpoints.web.path-mapping.pubsubconsole=tools/console",
                "management.endpoints.web.path-mapping.pubsub=engine")) {
            HttpResponse<String> page = application.get("/actuator/tools/console");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(endpoints(page)).contains("pubsub=../engine", "pubsubdeadletters=../pubsubdeadletters");
            assertThat(matches(LINK, page.body())).allMatch(link -> link.startsWith("console/"));
            asset(application, "/actuator/tools/console/console.js");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aManagementPortOfItsOwn(WebApplicationType type) {
        try (Served application =
                Served.open(type, App.class, "management.server.port=0", "management.server.base-path=/manage")) {
            assertThat(application.get("/actuator/pubsubconsole").statusCode()).isEqualTo(404);
            assertThat(application.get("/pubsub").statusCode()).isEqualTo(404);
            Served management = application.onManagementPort();
            HttpResponse<String> page = management.get("/manage/actuator/pubsubconsole");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(header(page, "Content-Security-Policy")).contains("default-src 'none'");
            asset(management, "/manage/actuator/pubsubconsole/console.js");
            assertThat(management.get("/manage/pubsub").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void readOnlyIsToldByTheAllowHeader(WebApplicationType type) {
        try (Served application = Served.open(type, App.class, "management.endpoints.access.max-permitted=read-only")) {
            assertThat(application.get("/actuator/pubsubconsole").statusCode()).isEqualTo(200);
            for (String path : List.of("pubsub/any", "pubsubdeadletters", "pubsubreplays/any")) {
                String allow = header(application.send("OPTIONS", "/actuator/" + path, null), "Allow");
                assertThat(allow).as(path).contains("GET").doesNotContain("POST", "DELETE");
            }
        }
        try (Served application = Served.open(type, App.class)) {
            assertThat(header(application.send("OPTIONS", "/actuator/pubsub/any", null), "Allow"))
                    .contains("GET", "POST");
            assertThat(header(application.send("OPTIONS", "/actuator/pubsubdeadletters", null), "Allow"))
                    .contains("GET", "POST", "DELETE");
        }
    }

    @Test
    void withoutExposureOrAccessThereIsNothing() {
        for (String property : List.of(
                "management.endpoints.web.exposure.include=health,pubsub",
                "management.endpoint.pubsubconsole.access=none")) {
            try (Served application = Served.open(WebApplicationType.SERVLET, App.class, property)) {
                assertThat(application.get("/actuator/pubsubconsole").statusCode())
                        .isEqualTo(404);
                assertThat(application.get("/pubsub").statusCode()).isEqualTo(404);
            }
        }
    }

    @Test
    void aNameCannotBecomeMarkup() {
        try (Served application =
                Served.open(WebApplicationType.SERVLET, App.class, "spring.application.name=<b>\"shop\" & co</b>")) {
            assertThat(application.get("/actuator/pubsubconsole").body())
                    .contains("content=\"&lt;b&gt;&quot;shop&quot; &amp; co&lt;/b&gt;\"")
                    .doesNotContain("<b>");
        }
    }

    /** Text only ever becomes text: nothing in the scripts could make markup of it. */
    @Test
    void theScriptsMakeNoMarkupOfText() {
        try (Served application = Served.open(WebApplicationType.SERVLET, App.class)) {
            for (String module : List.of(
                    "api.js",
                    "charts.js",
                    "console.js",
                    "deadletters.js",
                    "dialog.js",
                    "dom.js",
                    "format.js",
                    "journey.js",
                    "letter.js",
                    "replays.js",
                    "subscriptions.js")) {
                assertThat(asset(application, "/actuator/pubsubconsole/" + module)
                                .body())
                        .as(module)
                        .doesNotContain(
                                "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser")
                        .doesNotContain("://");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void anOpenConsoleIsWarnedOf(WebApplicationType type, CapturedOutput output) {
        try (Served application = Served.open(type, App.class)) {
            assertThat(application.get("/actuator/pubsubconsole").statusCode()).isEqualTo(200);
        }
        assertThat(output.getAll().lines().filter(line -> line.contains("/actuator/pubsubconsole is open")))
                .singleElement()
                .asString()
                .contains("WARN", "spring-boot-starter-security");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void aGuardedOneIsNot(WebApplicationType type, CapturedOutput output) {
        try (Served application = Served.secured(type, App.class)) {
            assertThat(application
                            .as("ada", "secret")
                            .get("/actuator/pubsubconsole")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(output.getAll()).doesNotContain("is open");
    }

    private static HttpResponse<String> asset(Served application, String path) {
        HttpResponse<String> answer = application.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        assertThat(header(answer, "Content-Type"))
                .as(path)
                .startsWith(
                        path.endsWith(".js")
                                ? "text/javascript"
                                : path.endsWith(".css") ? "text/css" : "image/svg+xml");
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.body()).isNotBlank();
        return answer;
    }

    private static List<String> endpoints(HttpResponse<String> page) {
        return List.of(matches(Pattern.compile("name=\"pubsub-endpoints\" content=\"([^\"]*)\""), page.body())
                .get(0)
                .split(" "));
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Orders orders() {
            return new Orders();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class AppWithItsOwn {
        @GetMapping("/pubsub")
        String mine() {
            return "mine";
        }
    }

    static class Orders {
        @Subscribe(id = "orders", topics = "orders.created")
        void on(Object payload) {
            throw new AssertionError("fails");
        }
    }
}
