package dev.pubsub.sample.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakewatch.feed.enabled=false")
class QuakeApiTest {

    @LocalServerPort
    private int port;

    private RunningApp app;

    @BeforeEach
    void connect() {
        app = new RunningApp(port);
    }

    @Test
    void shouldTakeAnEventAndListIt() {
        RunningApp.Answer answer = app.post("/api/quakes", Features.feature("api-1", "9.9", "quarry blast", 5, 5));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("topic").stringValue()).isEqualTo("quakes.us.quarry-blast");
        assertThat(answer.body().get("messageId").stringValue()).isNotBlank();
        assertThat(answer.body().get("subscriptions").intValue()).isEqualTo(3);
        await().untilAsserted(() -> assertThat(
                        app.get("/api/quakes?minMagnitude=9.9&limit=1").body())
                .singleElement()
                .satisfies(quake -> assertThat(quake.get("id").stringValue()).isEqualTo("api-1")));
    }

    @Test
    void shouldTakeAnEventWhoseMagnitudeIsNotKnown() {
        assertThat(app.post("/api/quakes", Features.feature("api-2", "null", "earthquake", 5, 5))
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\":\"a\"}| properties: missing",
                "{\"properties\":{\"net\":\"us\",\"type\":\"earthquake\",\"time\":1}}| id: missing",
                "{\"id\":\"a\",\"properties\":{\"net\":\"us\",\"type\":\"earthquake\"}}| properties.time: missing",
                "{\"id\":\"a\",\"properties\":{\"net\":\"us\",\"type\":\"dlt\",\"time\":1}}| reserved",
                "{\"id\":\"a\",\"properties\":{\"mag\":\"strong\"}}| properties.mag: not of the type",
                "{\"type\":\"FeatureCollection\",\"properties\":{}}| not a collection",
                "[]| body",
                "{\"id\":| body",
                "''| body",
            })
    void shouldRefuseWhatIsNoFeatureAndSayWhatIsWrong(String body, String problem) {
        RunningApp.Answer answer = app.post("/api/quakes", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.body().get("status").intValue()).isEqualTo(400);
        assertThat(answer.body().get("problems").toString()).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=many", "minMagnitude=strong", "minMagnitude=NaN"})
    void shouldRefuseAQueryThatMakesNoSense(String query) {
        RunningApp.Answer answer = app.get("/api/quakes?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"mode\":\"sideways\"}", "{\"mode\":null}", "{\"mode\":1}"})
    void shouldRefuseAModeThatTheGatewayDoesNotHave(String body) {
        RunningApp.Answer answer = app.post("/api/gateway", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(app.gateway().get("mode").stringValue()).isEqualTo("up");
    }
}
