package dev.pubsub.sample.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SmsGatewayServerTest {

    private static final Duration SLOW = Duration.ofMillis(200);

    private final SmsGatewayServer server =
            new SmsGatewayServer(new GatewayProperties(0, SLOW, Duration.ofSeconds(15)));
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void shouldAcceptEachTextWhileUp() {
        assertThat(text("a")).isEqualTo(202);
        assertThat(text("b")).isEqualTo(202);

        assertThat(server.status()).isEqualTo(new GatewayStatus(GatewayMode.UP, 2, 2, 0, 0, 0, 0));
    }

    @Test
    void shouldSendATextOnceHoweverOftenItIsPosted() {
        text("a");
        text("a");

        assertThat(server.status().sent()).isEqualTo(1);
        assertThat(server.status().repeated()).isEqualTo(1);
    }

    @Test
    void shouldRefuseEachTextWhileDown() {
        server.mode(GatewayMode.DOWN);

        assertThat(text("a")).isEqualTo(503);
        assertThat(server.status().sent()).isZero();
        assertThat(server.status().refused()).isEqualTo(1);
    }

    @Test
    void shouldRefuseEveryOtherTextWhileFlaky() {
        server.mode(GatewayMode.FLAKY);

        assertThat(text("a")).isEqualTo(503);
        assertThat(text("a")).isEqualTo(202);
        assertThat(text("b")).isEqualTo(503);
        assertThat(text("b")).isEqualTo(202);
    }

    @Test
    void shouldTakeItsTimeWhileSlow() {
        server.mode(GatewayMode.SLOW);

        long begin = System.nanoTime();
        assertThat(text("a")).isEqualTo(202);
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(SLOW.toNanos());
    }

    @Test
    void shouldGiveNoAnswerWhileItHangsAndLetGoWhenTheModeChanges() {
        server.mode(GatewayMode.HANG);

        CompletableFuture<HttpResponse<Void>> call =
                client.sendAsync(request("a"), HttpResponse.BodyHandlers.discarding());
        await().until(() -> server.status().holding() == 1);
        assertThat(call).isNotDone();
        server.mode(GatewayMode.UP);

        assertThat(call.join().statusCode()).isEqualTo(504);
        assertThat(server.status().sent()).isZero();
        assertThat(server.status().unanswered()).isEqualTo(1);
    }

    @Test
    void shouldRefuseATextWithoutKeyOrBody() {
        HttpRequest noKey = HttpRequest.newBuilder(server.uri())
                .POST(HttpRequest.BodyPublishers.ofString("text"))
                .build();
        HttpRequest noBody = HttpRequest.newBuilder(server.uri())
                .header("Idempotency-Key", "a")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        assertThat(status(noKey)).isEqualTo(400);
        assertThat(status(noBody)).isEqualTo(400);
        assertThat(server.status().calls()).isZero();
    }

    @Test
    void shouldStopWhileItHoldsCallsAndStartAgain() {
        server.mode(GatewayMode.HANG);
        client.sendAsync(request("a"), HttpResponse.BodyHandlers.discarding());
        await().until(() -> server.status().holding() == 1);

        server.stop();
        await().until(() -> server.status().holding() == 0);
        server.start();
        server.mode(GatewayMode.UP);

        assertThat(text("b")).isEqualTo(202);
    }

    @Test
    void shouldHangAgainAfterAStopAndAStart() {
        server.stop();
        server.start();
        server.mode(GatewayMode.HANG);

        CompletableFuture<HttpResponse<Void>> call =
                client.sendAsync(request("a"), HttpResponse.BodyHandlers.discarding());
        await().until(() -> server.status().calls() == 1);

        assertThat(server.status().holding()).isEqualTo(1);
        assertThat(call).isNotDone();
    }

    private int text(String key) {
        return status(request(key));
    }

    private HttpRequest request(String key) {
        return HttpRequest.newBuilder(server.uri())
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("text"))
                .build();
    }

    private int status(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("The gateway gave no answer", e);
        }
    }
}
