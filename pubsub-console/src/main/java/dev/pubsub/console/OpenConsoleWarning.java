package dev.pubsub.console;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;

/** Says, once the application is ready, that nobody guards the console. */
final class OpenConsoleWarning implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(OpenConsoleWarning.class);
    private static final String SERVLET_CHAIN = "springSecurityFilterChain";

    static final String REACTIVE_CHAIN = "org.springframework.security.web.server.SecurityWebFilterChain";

    private final ListableBeanFactory beans;
    private final Supplier<@Nullable String> path;

    OpenConsoleWarning(ListableBeanFactory beans, Supplier<@Nullable String> path) {
        this.beans = beans;
        this.path = path;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (event.getApplicationContext().getAutowireCapableBeanFactory() == beans && !isGuarded()) {
            log.warn(
                    "The PubSub console at {} is open: this application has no Spring Security, so whoever reaches its"
                            + " management port can pause subscriptions, and replay and discard dead letters. Add"
                            + " spring-boot-starter-security, or take the writing away with"
                            + " management.endpoints.access.max-permitted=read-only",
                    path.get());
        }
    }

    private boolean isGuarded() {
        return beans.containsBean(SERVLET_CHAIN) || hasReactiveChain();
    }

    private boolean hasReactiveChain() {
        ClassLoader loader = getClass().getClassLoader();
        return ClassUtils.isPresent(REACTIVE_CHAIN, loader)
                && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                                        beans, ClassUtils.resolveClassName(REACTIVE_CHAIN, loader))
                                .length
                        > 0;
    }
}
