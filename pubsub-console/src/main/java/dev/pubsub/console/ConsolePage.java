package dev.pubsub.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.web.util.HtmlUtils;

/**
 * The page, with the addresses that its own depends on: endpoints may be mapped to other paths, and all its links are
 * relative, since a proxy may serve it below any prefix.
 */
final class ConsolePage {

    private static final List<String> ENDPOINTS =
            List.of("pubsub", "pubsubdeadletters", "pubsubreplays", "pubsubmessages", "health");

    private final Function<String, @Nullable String> paths;
    private final Supplier<String> application;
    private final String template;

    /**
     * A page that finds endpoints by their id.
     *
     * @param paths the root path of an endpoint below the management base path; null where it is not exposed
     * @param application its name, for the title
     */
    ConsolePage(Function<String, @Nullable String> paths, Supplier<String> application) {
        this.paths = paths;
        this.application = application;
        this.template = read();
    }

    Resource html() {
        String own = Objects.requireNonNullElse(paths.apply(ConsoleEndpoint.ID), ConsoleEndpoint.ID);
        String up = "../".repeat((int) own.chars().filter(c -> c == '/').count());
        String endpoints = ENDPOINTS.stream()
                .filter(id -> paths.apply(id) != null)
                .map(id -> id + "=" + up + paths.apply(id))
                .collect(Collectors.joining(" "));
        String html = template.replace("{{assets}}", HtmlUtils.htmlEscape(own.substring(own.lastIndexOf('/') + 1)))
                .replace("{{endpoints}}", HtmlUtils.htmlEscape(endpoints))
                .replace("{{application}}", HtmlUtils.htmlEscape(application.get()));
        return new ByteArrayResource(html.getBytes(StandardCharsets.UTF_8));
    }

    private static String read() {
        try (InputStream in =
                ConsoleAssets.own("dev/pubsub/console/page/index.html").getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The page of the console is missing from its jar", e);
        }
    }
}
