package dev.pubsub.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application with a real server on a random port, and a client for its Actuator. */
final class WebApplication implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;
    private final String port;

    /** On Spring MVC. */
    WebApplication(Class<?> configuration, String... properties) {
        this(WebApplicationType.SERVLET, configuration, properties);
    }

    WebApplication(WebApplicationType type, Class<?> configuration, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "management.endpoints.web.exposure.include=health,pubsub,pubsubdeadletters,pubsubreplays,"
                        + "pubsubmessages,pubsubroutes,pubsubasyncapi,metrics",
                "management.endpoint.health.show-details=always",
                "pubsub.subscriber.retry.wait-duration=1ms",
                "spring.autoconfigure.exclude="
                        + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"));
        all.addAll(List.of(properties));
        context = new SpringApplicationBuilder(configuration)
                .web(type)
                .properties(all.toArray(String[]::new))
                .run();
        port = "local.server.port";
    }

    private WebApplication(ConfigurableApplicationContext context, String port) {
        this.context = context;
        this.port = port;
    }

    /** The same application, asked on another of its ports. */
    WebApplication onPort(String property) {
        return new WebApplication(context, property);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    Answer get(String path) {
        return send("GET", path, null, null);
    }

    Answer post(String path, String json) {
        return send("POST", path, json, "application/json");
    }

    /** The methods that the Allow header names. */
    String options(String path) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .build();
        return send(request).headers().firstValue("Allow").orElse("");
    }

    Answer send(String method, String path, String body, String contentType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        HttpResponse<String> response = send(request.build());
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + context.getEnvironment().getProperty(port) + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** What came back. */
    record Answer(int status, String contentType, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        List<String> fields() {
            return List.copyOf(json().propertyNames());
        }
    }
}
