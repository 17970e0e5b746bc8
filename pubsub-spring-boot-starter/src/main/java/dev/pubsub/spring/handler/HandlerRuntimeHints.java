package dev.pubsub.spring.handler;

import dev.pubsub.Message;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** What calls to handlers and conditions find by name: their methods on messages and headers. */
public final class HandlerRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection().registerType(Message.class, MemberCategory.INVOKE_PUBLIC_METHODS);
        hints.reflection().registerType(Argument.OneHeader.class, MemberCategory.INVOKE_DECLARED_METHODS);
    }
}
