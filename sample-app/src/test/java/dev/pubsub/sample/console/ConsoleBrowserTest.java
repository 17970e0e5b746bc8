package dev.pubsub.sample.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.console.Chromium;
import dev.pubsub.console.WithChromium;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What somebody on call does in the console, in a real browser. */
@WithChromium
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakewatch.feed.enabled=false")
class ConsoleBrowserTest {

    private static final AtomicInteger IDS = new AtomicInteger();
    private static final String ALERTS = "[data-subscription=alerts]";
    private static final String GROUP = "#groups .group";

    private static Chromium browser;

    @LocalServerPort
    private int port;

    @Autowired
    private PubSub pubSub;

    private final List<Subscription> subscribed = new ArrayList<>();

    private RunningApp app;

    @BeforeAll
    static void openTheBrowser() {
        browser = new Chromium();
    }

    @AfterAll
    static void closeTheBrowser() throws IOException {
        browser.close();
    }

    @BeforeEach
    void openTheConsoleOnAQuietApplication() {
        app = new RunningApp(port);
        app.gateway("up");
        // The first calls of a cold JVM may be slow enough to trip the breaker; only good calls fill its window.
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    strongEarthquakes(10);
                    return app.subscription("alerts")
                            .get("circuitBreaker")
                            .stringValue()
                            .equals("CLOSED");
                });
        awaitQuiet();
        app.discardDeadLetters();
        browser.size(1280, 900);
        browser.open("http://localhost:" + port + "/pubsub");
        browser.awaitText(ALERTS, "running");
    }

    @AfterEach
    void nothingWasBlockedOrBroken() {
        subscribed.forEach(Subscription::close);
        app.gateway("up");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldShowThatTheBreakerPausesTheAlertsAndThatTheyDrainOnceTheGatewayIsMended() {
        app.gateway("down");
        strongEarthquakes(30);

        browser.awaitText(ALERTS, "Paused by its circuit breaker for");
        browser.awaitText(ALERTS, "breaker open");

        app.gateway("up");

        browser.awaitGone(ALERTS + " .why");
        browser.awaitText(ALERTS, "breaker closed");
        browser.awaitText(ALERTS + " .room", "0 / 502");
        assertThat(app.deadLetters("alerts")).isEmpty();
        assertThat(browser.text("#engine")).containsIgnoringCase("balanced");
    }

    @Test
    void shouldFindUnderstandAndReplayDeadLetters() {
        app.gateway("down");
        strongEarthquakes(1);
        browser.awaitText(GROUP, "HttpServerErrorException");
        browser.find(GROUP + " summary").click();
        browser.find(".letter summary").click();
        browser.awaitText(".letter .detail", "dev.pubsub.sample.alerts");
        assertThat(browser.text(".letter .detail")).contains("failure", "\"magnitude\"");
        app.gateway("up");

        browser.press(".letter", "Replay…");
        assertThat(browser.text("dialog")).contains("Replay 1 dead letter?", "to no other");
        browser.press("dialog", "Replay");

        browser.awaitText("#groups", "No dead letters");
        awaitQuiet();
        assertThat(app.deadLetters("alerts")).isEmpty();
    }

    @Test
    void shouldPauseAndResumeByKeyboard() {
        browser.button(ALERTS, "Pause").sendKeys(Keys.ENTER);
        browser.awaitText("dialog", "Pause alerts?");
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitText(ALERTS, "Paused by hand for");
        assertThat(app.subscription("alerts").get("pausedBy").stringValue()).isEqualTo("manual");

        browser.button(ALERTS, "Resume").sendKeys(Keys.SPACE);
        browser.awaitText("dialog", "Resume alerts?");
        browser.focused().sendKeys(Keys.ESCAPE);
        browser.awaitGone("dialog");
        assertThat(app.subscription("alerts").get("pausedBy").stringValue()).isEqualTo("manual");
        browser.button(ALERTS, "Resume").sendKeys(Keys.SPACE);
        browser.awaitText("dialog", "Resume alerts?");
        browser.focused().sendKeys(Keys.ENTER);
        browser.awaitGone(ALERTS + " .why");
    }

    @Test
    void shouldShowMarkupAndScriptsAsTheTextThatTheyAre() {
        String evil = "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script>";
        failing("hostile", "hostile.**", "exception " + evil);
        assertThatThrownBy(() -> pubSub.publish("hostile." + evil, "x")).isInstanceOf(InvalidMessageException.class);
        pubSub.publish(Message.builder("hostile.topic", Map.of("field " + evil, "payload " + evil))
                .key("key " + evil)
                .header("note", "header " + evil)
                .build());

        browser.find(GROUP + " summary").click();
        browser.find(".letter summary").click();

        browser.awaitText(".letter .detail", "exception " + evil);
        assertThat(browser.text(".letter .detail"))
                .contains("key " + evil, "header " + evil)
                .contains("payload <img src=x onerror=\\\"window.pwned=1\\\">", "field <img");
        assertThat(browser.script("return window.pwned")).isNull();
        assertThat(browser.script("return document.querySelectorAll('main img, main script').length"))
                .isEqualTo(0L);
    }

    @Test
    void shouldShowTheWayOfAMessageAsFarAsTheEngineKnowsIt() {
        failing("billing", "orders.*", "no such account");
        pubSub.publish("orders.created", "order");
        browser.find(GROUP + " summary").click();
        browser.find(".letter summary").click();

        browser.press(".letter", "Its way…");

        browser.awaitText("#journey-result", "Attempt 1: failure");
        assertThat(browser.text("#journey-result"))
                .contains("Accepted", "orders.created", "billing", "IllegalStateException", "Dead lettered failure");
    }

    @Test
    void shouldSayInTheWordsOfTheEndpointWhyNothingIsKnownOfAMessage() {
        browser.find("#journey-id").sendKeys("no-such-message", Keys.ENTER);

        browser.awaitText("#journey-result", "Nothing is known of a message 'no-such-message'");
        assertThat(browser.text("#journey-result")).contains("not among the first 8 of its millisecond");
        assertThat(browser.complaints()).singleElement().asString().contains("404", "no-such-message");
    }

    @Test
    void shouldFitANarrowScreen() {
        failing("a-subscription-with-a-rather-long-name.of-some-module", "orders.*", "no such account");
        pubSub.publish("orders.created", "order");
        browser.size(360, 740);
        browser.find(GROUP + " summary").click();
        browser.find(".letter summary").click();
        browser.find(".letter .detail");
        assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(360);
    }

    private void failing(String id, String pattern, String message) {
        subscribed.add(pubSub.subscribe(
                SubscriptionSpec.builder(id, pattern)
                        .retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                (copy, delivery) -> {
                    throw new IllegalStateException(message);
                }));
    }

    private void strongEarthquakes(int count) {
        for (int i = 0; i < count; i++) {
            app.report(Features.feature("console-" + IDS.incrementAndGet(), "5.0", "earthquake", 1, 1));
        }
    }

    private void awaitQuiet() {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        app.figure("alerts", "queued") + app.figure("alerts", "active") + app.figure("alerts", "parked")
                                == 0);
    }
}
