package dev.pubsub.console;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What a native image needs of the console, and Spring does not find by itself. */
final class ConsoleRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        ConsoleAssets.PATTERNS.forEach(hints.resources()::registerPattern);
        // Looked up by name, as they may be absent. Not found, the page would be handed no token to write with.
        hints.reflection()
                .registerTypeIfPresent(classLoader, ServletManagementConfiguration.CSRF_TOKEN)
                .registerTypeIfPresent(classLoader, ReactiveManagementConfiguration.CSRF_TOKEN)
                .registerTypeIfPresent(classLoader, OpenConsoleWarning.REACTIVE_CHAIN);
    }
}
