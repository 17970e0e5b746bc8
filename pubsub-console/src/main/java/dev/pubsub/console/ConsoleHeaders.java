package dev.pubsub.console;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers of everything that the console's endpoint answers. */
final class ConsoleHeaders {

    /** Names the header in which Spring Security expects the token, and the token; on the page alone. */
    static final String CSRF_HEADER = "PubSub-Csrf-Header";

    static final String CSRF_TOKEN = "PubSub-Csrf-Token";

    /** Nothing but what the endpoint serves, in no frame: text that got into the page could still do nothing. */
    static final Map<String, String> ALL = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cache-Control",
            "no-cache");

    private ConsoleHeaders() {}

    static boolean isConsole(String path, @Nullable String console) {
        return console != null && (path.equals(console) || path.startsWith(console + "/"));
    }
}
