package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.spring.diagnostics.StartupFailures;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/** What is done with what a handler's method returned. */
@FunctionalInterface
interface ResultHandler {

    /** Returns once the result is there, and throws what it failed with. */
    void await(@Nullable Object result, Delivery delivery) throws Exception;

    /** For this return type. */
    static ResultHandler of(Method method) {
        Class<?> type = method.getReturnType();
        if (type == void.class) {
            return (result, delivery) -> {};
        }
        if (CompletionStage.class.isAssignableFrom(type)) {
            return (result, delivery) -> {
                if (result instanceof CompletionStage<?> stage) {
                    StageAwait.await(stage, delivery);
                }
            };
        }
        ReactiveAdapterRegistry registry = ReactiveAdapterRegistry.getSharedInstance();
        ReactiveAdapter adapter = registry.hasAdapters() ? registry.getAdapter(type) : null;
        if (adapter == null || adapter.isMultiValue()) {
            throw StartupFailures.badReturnType(method);
        }
        return (result, delivery) -> {
            if (result != null) {
                StageAwait.await(PublisherStage.of(adapter.toPublisher(result)), delivery);
            }
        };
    }
}
