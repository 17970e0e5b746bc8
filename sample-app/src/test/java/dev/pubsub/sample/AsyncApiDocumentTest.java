package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/**
 * What the sample tells of its topics and of one event's way. Leaves its AsyncAPI document in the build directory,
 * where {@code .ci/run} lets AsyncAPI's own parser read it.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.rate=2000", "pubsub.journey.per-millisecond=1048576"})
class AsyncApiDocumentTest {

    /** The build directory, whatever it is called: where the test classes are. */
    private static Path target() throws Exception {
        return Path.of(AsyncApiDocumentTest.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .getParent();
    }

    @Test
    void shouldDescribeItsTopicsAndPayloads(@LocalServerPort int port) throws Exception {
        JsonNode document = new RunningApp(port).get("/actuator/pubsubasyncapi").body();

        assertThat(document.at("/info/title").stringValue()).isEqualTo("quake-watch");
        assertThat(document.get("channels").propertyNames())
                .contains("quakes.**", "quakes.*.earthquake", "quakes.*.quarry-blast", "warnings.*");
        assertThat(document.at("/channels/quakes.*.earthquake/address").stringValue())
                .isEqualTo("quakes.{segment1}.earthquake");
        assertThat(document.at("/operations/alerts/action").stringValue()).isEqualTo("receive");
        assertThat(document.at("/components/schemas/Quake/properties/magnitude").isObject())
                .isTrue();
        Files.writeString(target().resolve("asyncapi.json"), document.toPrettyString());
    }

    @Test
    void shouldTellTheWayOfAnEvent(@LocalServerPort int port) {
        RunningApp app = new RunningApp(port);

        await().untilAsserted(() -> {
            JsonNode message =
                    app.get("/actuator/pubsubmessages?limit=1").body().at("/messages/0");
            assertThat(message.isObject()).as("an event was published").isTrue();
            assertThat(message.get("topic").stringValue()).matches("(quakes|warnings)\\..*");
            assertThat(message.get("subscriptions")).isNotEmpty();
            JsonNode same = app.get(
                            "/actuator/pubsubmessages/" + message.get("id").stringValue())
                    .body();
            assertThat(same.get("id")).isEqualTo(message.get("id"));
        });
        JsonNode routes =
                app.get("/actuator/pubsubroutes?topic=quakes.us.quarry-blast").body();
        assertThat(routes.get("subscriptions").findValuesAsString("id"))
                .containsExactly("blasts", "catalog", "statistics", "tsunami");
    }
}
