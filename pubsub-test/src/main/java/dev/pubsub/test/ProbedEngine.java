package dev.pubsub.test;

import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.Publisher;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Stands before an engine: handlers that are subscribed through it meet the faults of the test, and publish calls its
 * stubs. A dynamic proxy, so that what later versions add to {@link PubSub} reaches the engine as it is.
 */
final class ProbedEngine implements InvocationHandler {

    private final PubSub engine;
    private final ProbedPublisher publisher;
    private final RunningAttempts attempts;
    private final Faults faults;

    private ProbedEngine(PubSub engine, ProbedPublisher publisher, RunningAttempts attempts, Faults faults) {
        this.engine = engine;
        this.publisher = publisher;
        this.attempts = attempts;
        this.faults = faults;
    }

    static PubSub before(PubSub engine, ProbedPublisher publisher, RunningAttempts attempts, Faults faults) {
        return (PubSub) Proxy.newProxyInstance(
                PubSub.class.getClassLoader(),
                new Class<?>[] {PubSub.class},
                new ProbedEngine(engine, publisher, attempts, faults));
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (method.getName().equals("equals") && method.getDeclaringClass() == Object.class) {
            return arguments != null && proxy == arguments[0];
        }
        Object target = engine;
        @Nullable Object[] given = arguments == null ? new Object[0] : arguments.clone();
        if (method.getDeclaringClass() == Publisher.class && Modifier.isAbstract(method.getModifiers())) {
            target = publisher;
        } else if (method.getName().equals("subscribe")
                && given.length == 2
                && given[1] instanceof MessageHandler<?> handler) {
            given[1] = new ProbedHandler((MessageHandler<Object>) handler, attempts, faults);
        }
        try {
            return method.invoke(target, given);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
