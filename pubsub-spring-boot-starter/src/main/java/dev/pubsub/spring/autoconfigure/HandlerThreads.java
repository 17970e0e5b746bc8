package dev.pubsub.spring.autoconfigure;

import dev.pubsub.spi.ThreadContext;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestContextHolder;

/** What Spring keeps on threads, cleared after each attempt so that nothing of one message is visible to the next. */
final class HandlerThreads {

    private HandlerThreads() {}

    /** Those that are on the class path. */
    static List<ThreadContext> contexts(ClassLoader classLoader) {
        List<ThreadContext> contexts = new ArrayList<>();
        contexts.add(LocaleContextHolder::resetLocaleContext);
        if (ClassUtils.isPresent("org.springframework.web.context.request.RequestContextHolder", classLoader)) {
            contexts.add(Web.INSTANCE);
        }
        if (ClassUtils.isPresent("org.springframework.security.core.context.SecurityContextHolder", classLoader)) {
            contexts.add(Security.INSTANCE);
        }
        return contexts;
    }

    /** Apart, so that the class is loaded only where it is present. */
    private static final class Web {
        static final ThreadContext INSTANCE = RequestContextHolder::resetRequestAttributes;
    }

    /** Apart, so that the class is loaded only where it is present. */
    private static final class Security {
        static final ThreadContext INSTANCE = SecurityContextHolder::clearContext;
    }
}
