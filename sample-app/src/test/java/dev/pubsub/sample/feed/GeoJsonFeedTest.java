package dev.pubsub.sample.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.quake.Quake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.DefaultResourceLoader;

@Timeout(20)
class GeoJsonFeedTest {

    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stopServer() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void shouldReadTheFeedThatTheApplicationBrings() throws IOException {
        FeedSource.Reading reading =
                feed("classpath:usgs-all-week-2018-02-07.geojson", 2_000).read();

        List<Quake> quakes = reading.quakes();
        assertThat(reading.passedOver()).isZero();
        assertThat(quakes).hasSize(1707);
        assertThat(quakes)
                .filteredOn(quake ->
                        quake.type().equals("earthquake") && quake.magnitude() != null && quake.magnitude() >= 4.5)
                .hasSize(85);
        assertThat(quakes).filteredOn(Quake::tsunami).hasSize(4);
    }

    @Test
    void shouldReadAFeedOverHttpAndCountWhatIsNoEvent() throws IOException {
        String url = serves(exchange -> answer(
                exchange,
                200,
                Features.collection(
                        Features.earthquake("a", 1),
                        Features.feature("b", "null", "explosion", 1, 1),
                        "{\"id\":\"c\",\"properties\":{}}",
                        "{\"id\":\"d\",\"properties\":{\"mag\":\"strong\"}}")));

        FeedSource.Reading reading = feed(url, 100).read();

        assertThat(reading.quakes()).extracting(Quake::id).containsExactly("a", "b");
        assertThat(reading.passedOver()).isEqualTo(2);
    }

    @Test
    void shouldFailWhereTheServerFails() {
        String url = serves(exchange -> answer(exchange, 503, Features.collection(Features.earthquake("a", 1))));

        assertThatIOException().isThrownBy(() -> feed(url, 100).read()).withMessage("The feed answered 503");
    }

    @Test
    void shouldFailWhereTheServerStopsInTheMiddle() {
        String document = Features.collection(Features.earthquake("a", 1), Features.earthquake("b", 1));
        String url = serves(exchange -> {
            exchange.sendResponseHeaders(200, document.length());
            exchange.getResponseBody().write(document.substring(0, 300).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            end.await();
        });

        assertThatIOException().isThrownBy(() -> feed(url, 100).read());
    }

    @Test
    void shouldFailWhereTheServerGivesNoAnswer() {
        String url = serves(exchange -> end.await());

        assertThatIOException().isThrownBy(() -> feed(url, 100).read());
    }

    @Test
    void shouldRefuseAFeedThatHoldsTooManyEvents() {
        String url = serves(exchange ->
                answer(exchange, 200, Features.collection(Features.earthquake("a", 1), Features.earthquake("b", 1))));

        assertThatException()
                .isThrownBy(() -> feed(url, 1).read())
                .withStackTraceContaining("quakewatch.feed.max-events");
    }

    @Test
    void shouldFailWhereThereIsNoSuchResource() {
        assertThatIOException()
                .isThrownBy(() -> feed("classpath:nowhere.geojson", 1).read());
    }

    private String serves(Handler handler) {
        HttpHandler served = exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        server.createContext("/", served);
        return "http://localhost:" + server.getAddress().getPort() + "/feed.geojson";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static GeoJsonFeed feed(String location, int maxEvents) {
        Duration timeout = Duration.ofMillis(500);
        return new GeoJsonFeed(
                new FeedProperties(true, location, 1, null, timeout, timeout, maxEvents, 10_000_000),
                new DefaultResourceLoader());
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }
}
