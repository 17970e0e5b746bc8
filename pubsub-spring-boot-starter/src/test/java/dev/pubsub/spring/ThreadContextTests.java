package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.spi.ThreadContext;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** What one message leaves on its thread is not visible to the next. */
class ThreadContextTests {

    private static final Received received = new Received();
    private static final Locale UNUSUAL = Locale.forLanguageTag("is-IS");

    private final ApplicationContextRunner runner = Starter.runner();

    @BeforeEach
    void reset() {
        received.values().clear();
    }

    @Test
    void securityRequestLocaleAndMdcAreClearedBetweenMessages() {
        runner.withBean("leaving", Leaving.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            for (int i = 0; i < 20; i++) {
                pubSub.publish("things", i);
            }
            deliver(pubSub, Message.of("things", "last"));
            assertThat(received.values()).hasSize(21).containsOnly("clean");
        }));
    }

    @Test
    void whatAFailingAttemptLeftIsClearedToo() {
        runner.withBean("leaving", Failing.class).run(balanced(context -> {
            deliver(context.getBean(PubSub.class), Message.of("things", "x"));
            assertThat(received.values()).hasSize(3).containsOnly("clean");
        }));
    }

    @Test
    void theApplicationsOwnContextsAreClearedToo() {
        AtomicInteger cleared = new AtomicInteger();
        runner.withBean("own", ThreadContext.class, () -> cleared::incrementAndGet)
                .withBean("leaving", Leaving.class)
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("things", "x"));
                    Starter.soon().untilAtomic(cleared, org.hamcrest.Matchers.greaterThanOrEqualTo(1));
                }));
    }

    private static void lookAndLeave() {
        boolean clean = SecurityContextHolder.getContext().getAuthentication() == null
                && RequestContextHolder.getRequestAttributes() == null
                && !LocaleContextHolder.getLocale().equals(UNUSUAL)
                && MDC.get("canary") == null;
        received.add(clean ? "clean" : "dirty");
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("user", "secret"));
        RequestContextHolder.setRequestAttributes(mock(RequestAttributes.class));
        LocaleContextHolder.setLocale(UNUSUAL);
        MDC.put("canary", "x");
    }

    static class Leaving {
        @Subscribe("things")
        void on(Object payload) {
            lookAndLeave();
        }
    }

    static class Failing {
        @Subscribe("things")
        void on(Object payload) {
            lookAndLeave();
            throw new IllegalStateException("fails");
        }
    }
}
