package dev.pubsub.spring.actuate;

import dev.pubsub.spi.SafeText;
import java.security.Principal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * Tells the log of each change that was made, or refused, through the endpoints: who, and what. One line each, under
 * the name {@code dev.pubsub.spring.actuate}.
 */
final class Writes {

    private static final Logger log = LoggerFactory.getLogger(Writes.class.getPackageName());
    private static final int MAX_NAME = 100;

    /** An operation that asks for the security context as a parameter would need a body, with a content type. */
    private static final ThreadLocal<@Nullable SecurityContext> CALLER = new ThreadLocal<>();

    private Writes() {}

    /** Runs an operation on behalf of a caller; operations run in the thread that invokes them. */
    static @Nullable Object by(SecurityContext caller, Supplier<@Nullable Object> operation) {
        CALLER.set(caller);
        try {
            return operation.get();
        } finally {
            CALLER.remove();
        }
    }

    static void done(String what) {
        log.info("{}: {}", who(), what);
    }

    static void refused(String what, RuntimeException because) {
        log.info("{}: {}: refused, {}", who(), what, SafeText.of(because.getMessage()));
    }

    private static String who() {
        SecurityContext caller = CALLER.get();
        Principal principal = caller == null ? null : caller.getPrincipal();
        return principal == null
                ? "By a caller who is not authenticated"
                : "By '" + SafeText.of(principal.getName(), MAX_NAME) + "'";
    }
}
