package dev.pubsub.dispatch;

import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Virtual threads by reflection, once, since the code is compiled for Java 17. */
final class VirtualThreads {

    private VirtualThreads() {}

    /** A factory of virtual threads; null before Java 21. */
    static @Nullable ThreadFactory factory(String prefix, UncaughtExceptionHandler uncaught) {
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method name = type.getMethod("name", String.class, long.class);
            Method inherit = type.getMethod("inheritInheritableThreadLocals", boolean.class);
            Method handler = type.getMethod("uncaughtExceptionHandler", UncaughtExceptionHandler.class);
            Method factory = type.getMethod("factory");
            Object named = inherit.invoke(name.invoke(builder, prefix, 1L), false);
            return (ThreadFactory) factory.invoke(handler.invoke(named, uncaught));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Java " + Runtime.version() + " has no virtual threads as expected", e);
        }
    }
}
