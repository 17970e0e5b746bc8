package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.util.ClassUtils;

/** What the tests share: a context with the starter in it, whose ledger is balanced whenever it is quiet. */
final class Starter {

    private Starter() {}

    /** With every auto-configuration of the starter, as a user's application has them. */
    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withPropertyValues("pubsub.subscriber.retry.wait-duration=1ms")
                .withConfiguration(autoConfigurations());
    }

    static AutoConfigurations autoConfigurations() {
        Class<?>[] own = ImportCandidates.load(
                        org.springframework.boot.autoconfigure.AutoConfiguration.class, Starter.class.getClassLoader())
                .getCandidates()
                .stream()
                .filter(name -> name.startsWith("dev.pubsub."))
                .map(name -> ClassUtils.resolveClassName(name, null))
                .toArray(Class<?>[]::new);
        Class<?>[] all = new Class<?>[own.length + 1];
        System.arraycopy(own, 0, all, 0, own.length);
        all[own.length] = JacksonAutoConfiguration.class;
        return AutoConfigurations.of(all);
    }

    /** Waits for what happens on other threads: looks at once, then every 2 ms, for at most 10 s. */
    static ConditionFactory soon() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    /** Runs the check, then sees that the ledger is balanced. */
    static ContextConsumer<AssertableApplicationContext> balanced(ContextConsumer<AssertableApplicationContext> check) {
        return context -> {
            check.accept(context);
            PubSub pubSub = context.getBean(PubSub.class);
            soon().untilAsserted(() -> assertThat(pubSub.snapshot().ledger()).isEqualTo(Ledger.BALANCED));
        };
    }

    /** Publishes and waits until every copy is settled. */
    static DeliveryReport deliver(PubSub pubSub, Message<?> message) throws Exception {
        CompletableFuture<DeliveryReport> report = pubSub.deliver(message);
        return report.get(10, TimeUnit.SECONDS);
    }

    /** What became of the copy of this subscription. */
    static Outcome outcome(PubSub pubSub, String subscription, Message<?> message) throws Exception {
        return deliver(pubSub, message).outcomes().get(subscription);
    }
}
