package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/**
 * The sample as it is shipped, but for the rate, and for a deadline that even the first calls of a cold JVM meet on a
 * starved build machine.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.rate=2000", "pubsub.subscriptions.alerts.timeout=20s"})
class QuakeWatchRunTest {

    private RunningApp app;

    @Test
    void shouldEndWithEveryEventHandledAndNothingDead(@LocalServerPort int port) {
        app = new RunningApp(port);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode feed = app.get("/api/feed").body();
            assertThat(feed.get("state").stringValue()).isEqualTo("DONE");
            assertThat(feed.get("published").longValue()).isEqualTo(1707);
            assertCompleted("catalog", 1707);
            assertCompleted("statistics", 1707);
            assertCompleted("alerts", 85);
            assertCompleted("tsunami", 4);
            assertCompleted("broadcast", 4);
            assertCompleted("blasts", 28);
        });

        JsonNode engine = app.engine();
        assertThat(engine.get("ledger").stringValue()).isEqualTo("BALANCED");
        assertThat(engine.at("/deadLetters/size").longValue()).isZero();
        // Each event, and the four warnings that a handler published.
        assertThat(engine.at("/publisher/accepted").longValue()).isEqualTo(1711);
        assertThat(app.get("/actuator/health")
                        .body()
                        .at("/components/pubsub/status")
                        .stringValue())
                .isEqualTo("UP");
        assertThat(app.gateway().get("sent").longValue()).isEqualTo(85);
        assertThat(app.gateway().get("calls").longValue()).isEqualTo(85);
        assertThat(app.get("/api/quakes?minMagnitude=4.5&limit=1000").body()).hasSize(85);
        assertThat(app.get("/api/warnings").body()).hasSize(4);
        assertThat(app.get("/api/blasts").body()).hasSize(28);
        assertThat(app.get("/api/statistics").body().at("/byType/quarry blast").longValue())
                .isEqualTo(13);
    }

    private void assertCompleted(String subscription, long copies) {
        JsonNode figures = app.subscription(subscription);
        assertThat(figures.get("completed").longValue()).as(subscription).isEqualTo(copies);
        assertThat(figures.get("accepted").longValue()).as(subscription).isEqualTo(copies);
    }
}
