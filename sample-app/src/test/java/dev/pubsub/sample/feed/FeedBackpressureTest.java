package dev.pubsub.sample.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.RunningApp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "quakewatch.feed.enabled=false",
            "quakewatch.feed.rate=5000",
            "pubsub.publisher.timeout=50ms",
            "pubsub.subscriptions.statistics.queue-capacity=10"
        })
class FeedBackpressureTest {

    @Test
    void shouldWaitForRoomAndLoseNoEvent(@LocalServerPort int port, @Autowired Feed feed) {
        RunningApp app = new RunningApp(port);
        app.post("/actuator/pubsub/statistics", "{\"state\":\"PAUSED\"}");

        feed.start();

        await().until(() -> feed.status().held() >= 3);
        assertThat(feed.status().published())
                .as("what the full subscription has room for: its queue, and one to be handled")
                .isEqualTo(11);
        assertThat(app.figure("catalog", "accepted")).as("all or nothing").isEqualTo(11);

        app.post("/actuator/pubsub/statistics", "{\"state\":\"RUNNING\"}");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(app.figure("statistics", "completed")).isEqualTo(1707);
            assertThat(app.figure("catalog", "completed")).isEqualTo(1707);
        });
        assertThat(feed.status().published()).isEqualTo(1707);
        assertThat(app.engine().get("ledger").stringValue()).isEqualTo("BALANCED");
    }
}
