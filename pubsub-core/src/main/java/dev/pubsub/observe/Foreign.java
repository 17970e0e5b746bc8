package dev.pubsub.observe;

import dev.pubsub.spi.SafeText;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls into handlers, conventions and accessors of the application, whose failures are logged and go no further. */
final class Foreign {

    private static final Logger log = LoggerFactory.getLogger(Foreign.class);

    private Foreign() {}

    static void run(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            log.error("Tracing failed: {}", SafeText.of(thrown));
        }
    }

    static <T> T call(Supplier<? extends T> call, T otherwise) {
        try {
            return call.get();
        } catch (Throwable thrown) {
            log.error("Tracing failed: {}", SafeText.of(thrown));
            return otherwise;
        }
    }
}
