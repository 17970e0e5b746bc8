package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as somebody outside sees it: over HTTP only. */
public final class RunningApp {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;

    public RunningApp(int port) {
        this.base = "http://localhost:" + port;
    }

    public Answer get(String path) {
        return exchange(request(path).GET());
    }

    /** What is no JSON. */
    public String text(String path) {
        return send(request(path).GET()).body();
    }

    public Answer post(String path, String json) {
        return exchange(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Posts an event that must be accepted. */
    public void report(String feature) {
        assertThat(post("/api/quakes", feature)).extracting(Answer::status).isEqualTo(202);
    }

    public void gateway(String mode) {
        assertThat(post("/api/gateway", "{\"mode\":\"%s\"}".formatted(mode)))
                .extracting(Answer::status)
                .isEqualTo(200);
    }

    /** The gateway's own counters. */
    public JsonNode gateway() {
        return get("/api/gateway").body();
    }

    public JsonNode engine() {
        return get("/actuator/pubsub").body();
    }

    /** One subscription's figures. */
    public JsonNode subscription(String id) {
        return StreamSupport.stream(engine().get("subscriptions").spliterator(), false)
                .filter(subscription -> subscription.get("id").stringValue().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No subscription '" + id + "' in " + engine()));
    }

    /** A counter or a gauge of one subscription. */
    public long figure(String id, String name) {
        return subscription(id).get(name).longValue();
    }

    /** The dead letters of one subscription, oldest first. */
    public List<JsonNode> deadLetters(String subscription) {
        JsonNode found =
                get("/actuator/pubsubdeadletters?subscription=" + subscription).body();
        return StreamSupport.stream(found.get("deadLetters").spliterator(), false)
                .toList();
    }

    /** Gives a dead letter to its subscription again. */
    public void replay(JsonNode deadLetter) {
        assertThat(post("/actuator/pubsubdeadletters/" + deadLetter.get("id").stringValue(), "{}"))
                .extracting(Answer::status)
                .isEqualTo(204);
    }

    /** Gives all dead letters of a subscription to it again, in the background; how many there are. */
    public long replayAll(String subscription) {
        Answer answer = post("/actuator/pubsubdeadletters", "{\"subscription\":\"%s\"}".formatted(subscription));
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().get("matched").longValue();
    }

    public void discardDeadLetters() {
        assertThat(exchange(request("/actuator/pubsubdeadletters?all=true").DELETE()))
                .extracting(Answer::status)
                .isEqualTo(200);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private Answer exchange(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request);
        JsonNode body = response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body());
        return new Answer(response.statusCode(), response.headers(), body);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("The application gave no answer", e);
        }
    }

    /** What came back. */
    public record Answer(int status, HttpHeaders headers, JsonNode body) {

        public String contentType() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }
}
