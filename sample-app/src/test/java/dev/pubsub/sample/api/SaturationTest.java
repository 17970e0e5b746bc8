package dev.pubsub.sample.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** With a subscription that has two places: one to wait, and one to be handled. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.enabled=false", "pubsub.subscriptions.statistics.queue-capacity=1"})
class SaturationTest {

    @Test
    void shouldAskToComeBackLaterWhileThereIsNoRoom(@LocalServerPort int port) {
        RunningApp app = new RunningApp(port);
        assertThat(app.post("/actuator/pubsub/statistics", "{\"state\":\"PAUSED\"}")
                        .status())
                .isLessThan(300);
        app.report(Features.earthquake("s-1", 1));
        app.report(Features.earthquake("s-2", 1));

        RunningApp.Answer refused = app.post("/api/quakes", Features.earthquake("s-3", 1));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.contentType()).startsWith("application/problem+json");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(app.figure("catalog", "accepted")).as("all or nothing").isEqualTo(2);

        assertThat(app.post("/actuator/pubsub/statistics", "{\"state\":\"RUNNING\"}")
                        .status())
                .isLessThan(300);
        await().untilAsserted(
                        () -> assertThat(app.figure("statistics", "completed")).isEqualTo(2));
        app.report(Features.earthquake("s-3", 1));
        await().untilAsserted(
                        () -> assertThat(app.figure("statistics", "completed")).isEqualTo(3));
        assertThat(app.engine().get("ledger").stringValue()).isEqualTo("BALANCED");
    }
}
