package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** What becomes of alerts, with the settings of application.yml, in every mode of the gateway that they call. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakewatch.feed.enabled=false")
class GatewayModesTest {

    private static final AtomicInteger IDS = new AtomicInteger();
    // As in application.yml: of so many calls, 75 % failed or 80 % slow ones trip the breaker.
    private static final int WINDOW = 10;

    @LocalServerPort
    private int port;

    private RunningApp app;
    private JsonNode before;
    private JsonNode gatewayBefore;
    private Instant beganAt;

    @BeforeEach
    void beginWithAGatewayThatIsUpAndAWindowOfGoodCalls() {
        app = new RunningApp(port);
        app.gateway("up");
        // The first calls of a cold JVM may be slow enough to trip the breaker; only calls close it again.
        soon().until(() -> {
            strongEarthquakes(1);
            return app.subscription("alerts")
                    .get("circuitBreaker")
                    .stringValue()
                    .equals("CLOSED");
        });
        soon().until(() -> unsettled() == 0);
        long completed = app.figure("alerts", "completed");
        strongEarthquakes(WINDOW);
        soon().untilAsserted(() -> assertThat(app.figure("alerts", "completed")).isEqualTo(completed + WINDOW));
        app.discardDeadLetters();
        awaitThatOnCallKnowsOfNoPause();
        beganAt = Instant.now().truncatedTo(ChronoUnit.MILLIS); // as the engine tells it
        before = app.subscription("alerts");
        gatewayBefore = app.gateway();
        assertThat(before.get("circuitBreaker").stringValue()).isEqualTo("CLOSED");
    }

    @AfterEach
    void endWithAQuietEngine() {
        app.gateway("up");
        soon().until(() -> unsettled() == 0);
        app.discardDeadLetters();
        assertThat(app.engine().get("ledger").stringValue()).isEqualTo("BALANCED");
    }

    @Test
    void upShouldTakeATextForEachStrongEarthquakeAndForNothingElse() {
        app.report(Features.feature(id(), "4.5", "earthquake", 1, 1));
        app.report(Features.feature(id(), "4.4", "earthquake", 1, 1));
        app.report(Features.feature(id(), "null", "earthquake", 1, 1));
        app.report(Features.feature(id(), "6", "explosion", 1, 1));

        soon().untilAsserted(() -> assertThat(more("completed")).isEqualTo(1));
        assertThat(more("accepted")).isEqualTo(1);
        assertThat(more("filtered")).isEqualTo(2);
        assertThat(gatewayMore("sent")).isEqualTo(1);
    }

    @Test
    void downShouldBeRetriedThenBecomeADeadLetterThatCanBeReplayed() {
        app.gateway("down");

        strongEarthquakes(1);

        soon().untilAsserted(() -> assertThat(more("deadLettered")).isEqualTo(1));
        assertThat(more("retries")).isEqualTo(3);
        assertThat(gatewayMore("refused")).isEqualTo(4);
        assertThat(app.deadLetters("alerts")).singleElement().satisfies(letter -> {
            assertThat(letter.get("reason").stringValue()).isEqualTo("FAILURE");
            assertThat(letter.get("attempts").intValue()).isEqualTo(4);
            assertThat(letter.get("exceptionType").stringValue()).contains("HttpServerErrorException");
        });

        app.gateway("up");
        app.replay(app.deadLetters("alerts").get(0));

        soon().untilAsserted(() -> assertThat(more("completed")).isEqualTo(1));
        assertThat(app.deadLetters("alerts")).isEmpty();
        assertThat(gatewayMore("sent")).isEqualTo(1);
        assertThat(onCall()).containsExactly("dead-lettered FAILURE");
    }

    @Test
    void downShouldPauseTheAlertsUntilTheGatewayIsUpAgainAndLoseNone() {
        app.gateway("down");

        strongEarthquakes(30);

        soon().untilAsserted(() -> {
            assertThat(app.subscription("alerts").get("circuitBreaker").stringValue())
                    .isEqualTo("OPEN");
            assertThat(app.subscription("alerts").get("pausedBy").stringValue()).isEqualTo("circuit-breaker");
        });
        assertThat(more("breakerTrips")).isPositive();
        assertThat(gatewayMore("calls"))
                .as("calls that an open breaker let through")
                .isLessThan(30);
        assertThat(app.get("/actuator/health")
                        .body()
                        .at("/components/pubsub/status")
                        .stringValue())
                .as("a paused subscription is no fault of this application")
                .isEqualTo("UP");

        app.gateway("up");

        soon().untilAsserted(() -> assertThat(more("completed")).isEqualTo(30));
        assertThat(app.subscription("alerts").get("circuitBreaker").stringValue())
                .isEqualTo("CLOSED");
        assertThat(app.subscription("alerts").get("pausedBy").isNull()).isTrue();
        assertThat(more("deadLettered")).isZero();
        assertThat(gatewayMore("sent")).isEqualTo(30);
        soon().untilAsserted(() -> assertThat(onCall())
                .as("what those who are on call were told, however often the probes failed")
                .containsExactly("paused circuit-breaker", "resumed circuit-breaker"));
    }

    @Test
    void slowShouldPauseTheAlertsThoughNoneFails() {
        app.gateway("slow");

        strongEarthquakes(15);

        soon().untilAsserted(() -> assertThat(
                        app.subscription("alerts").get("circuitBreaker").stringValue())
                .isEqualTo("OPEN"));
        assertThat(more("completed")).isBetween(8L, 14L);

        app.gateway("up");

        soon().untilAsserted(() -> assertThat(more("completed")).isEqualTo(15));
        assertThat(more("retries")).isZero();
        assertThat(more("timeouts")).isZero();
        assertThat(more("deadLettered")).isZero();
        assertThat(gatewayMore("calls")).isEqualTo(15);
    }

    @Test
    void hangShouldEndAtTheDeadlineUnretriedAndPauseTheAlerts() {
        app.gateway("hang");

        strongEarthquakes(12);

        soon().untilAsserted(() -> assertThat(
                        app.subscription("alerts").get("circuitBreaker").stringValue())
                .isEqualTo("OPEN"));
        long timeouts = more("timeouts");
        assertThat(timeouts).isBetween(8L, 11L);
        assertThat(more("deadLettered")).isEqualTo(timeouts);
        assertThat(more("retries")).isZero();
        assertThat(app.deadLetters("alerts"))
                .allSatisfy(
                        letter -> assertThat(letter.get("reason").stringValue()).isEqualTo("TIMEOUT"));
        assertThat(gatewayMore("sent")).isZero();
        soon().untilAsserted(() -> assertThat(app.figure("alerts", "abandoned"))
                .as("the client heeds the interrupt, so no handler runs on")
                .isZero());

        app.gateway("up");

        soon().untilAsserted(() ->
                assertThat(more("completed") + more("deadLettered")).isEqualTo(12));
        assertThat(app.replayAll("alerts")).isEqualTo(more("deadLettered"));
        soon().untilAsserted(() -> assertThat(gatewayMore("sent")).isEqualTo(12));
        assertThat(app.deadLetters("alerts")).isEmpty();
    }

    @Test
    void flakyShouldBeRetriedUntilEachTextIsTaken() {
        app.gateway("flaky");

        for (int i = 1; i <= 4; i++) {
            long completed = i;
            strongEarthquakes(1);
            soon().untilAsserted(() -> assertThat(more("completed")).isEqualTo(completed));
        }

        assertThat(more("retries")).isEqualTo(4);
        assertThat(more("deadLettered")).isZero();
        assertThat(more("breakerTrips")).isZero();
        assertThat(gatewayMore("refused")).isEqualTo(4);
        assertThat(gatewayMore("sent")).isEqualTo(4);
    }

    private void strongEarthquakes(int count) {
        for (int i = 0; i < count; i++) {
            app.report(Features.earthquake(id(), 5.1));
        }
    }

    /** What those who are on call were told of the alerts in this test, oldest first. */
    private List<String> onCall() {
        List<String> told = new ArrayList<>();
        for (JsonNode notice : app.get("/api/oncall").body()) {
            boolean now = !Instant.parse(notice.get("at").stringValue()).isBefore(beganAt);
            if (now && notice.get("subscription").stringValue().equals("alerts")) {
                told.add(
                        0,
                        notice.get("what").stringValue() + " "
                                + notice.get("why").stringValue());
            }
        }
        return told;
    }

    private void awaitThatOnCallKnowsOfNoPause() {
        soon().until(() -> {
            for (JsonNode notice : app.get("/api/oncall").body()) {
                String what = notice.get("what").stringValue();
                if (!what.equals("dead-lettered")) {
                    return what.equals("resumed"); // the newest of the pauses
                }
            }
            return true;
        });
    }

    private long unsettled() {
        JsonNode alerts = app.subscription("alerts");
        return alerts.get("queued").longValue()
                + alerts.get("active").longValue()
                + alerts.get("parked").longValue();
    }

    /** By how much a figure of the alerts has grown in this test. */
    private long more(String figure) {
        return app.figure("alerts", figure) - before.get(figure).longValue();
    }

    private long gatewayMore(String counter) {
        return app.gateway().get(counter).longValue()
                - gatewayBefore.get(counter).longValue();
    }

    private static String id() {
        return "test-" + IDS.incrementAndGet();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
    }
}
