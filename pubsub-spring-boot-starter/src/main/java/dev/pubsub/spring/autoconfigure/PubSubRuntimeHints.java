package dev.pubsub.spring.autoconfigure;

import dev.pubsub.spring.settings.SubscriptionProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/** What a native image needs, and Spring does not find by itself. */
final class PubSubRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        // Bound by the id of each subscription, so that Boot does not see them among the properties.
        BindableRuntimeHintsRegistrar.forTypes(SubscriptionProperties.class).registerHints(hints);
        // The core asks for virtual threads by reflection, being compiled for a Java that has none.
        hints.reflection()
                .registerType(Thread.class, thread -> thread.withMethod("ofVirtual", List.of(), ExecutableMode.INVOKE))
                .registerTypeIfPresent(classLoader, "java.lang.Thread$Builder", MemberCategory.INVOKE_PUBLIC_METHODS);
    }
}
