package dev.pubsub.console;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with a real server on a random port, and a browser's session with it. */
final class Served implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ConfigurableApplicationContext context;
    private final String port;
    private final String authorization;

    private Served(ConfigurableApplicationContext context, String port, String authorization) {
        this.context = context;
        this.port = port;
        this.authorization = authorization;
    }

    /** Without Spring Security. */
    static Served open(WebApplicationType type, Class<?> configuration, String... properties) {
        String security =
                ImportCandidates.load(AutoConfiguration.class, Served.class.getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("org.springframework.boot.security."))
                        .collect(Collectors.joining(","));
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.autoconfigure.exclude=" + security);
        return run(type, configuration, all);
    }

    /** With Spring Security as Boot sets it up: everybody signs in, and tokens protect against forgery. */
    static Served secured(WebApplicationType type, Class<?> configuration, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.addAll(List.of("spring.security.user.name=ada", "spring.security.user.password=secret"));
        return run(type, configuration, all);
    }

    private static Served run(WebApplicationType type, Class<?> configuration, List<String> properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "management.endpoints.web.exposure.include="
                        + "health,pubsub,pubsubdeadletters,pubsubreplays,pubsubconsole"));
        all.addAll(properties);
        return new Served(
                new SpringApplicationBuilder(configuration)
                        .web(type)
                        .properties(all.toArray(String[]::new))
                        .run(),
                "local.server.port",
                null);
    }

    Served onManagementPort() {
        return new Served(context, "local.management.port", authorization);
    }

    Served as(String user, String password) {
        String credentials = user + ":" + password;
        return new Served(
                context,
                port,
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    String address(String path) {
        return "http://localhost:" + context.getEnvironment().getProperty(port) + path;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    HttpResponse<String> send(String method, String path, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address(path)))
                .method(
                        method,
                        json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    @Override
    public void close() {
        context.close();
    }
}
