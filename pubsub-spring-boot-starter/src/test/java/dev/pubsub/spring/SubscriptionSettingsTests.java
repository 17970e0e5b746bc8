package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy.WindowType;
import dev.pubsub.Execution;
import dev.pubsub.Ordering;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.WhenOpen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** Where the settings of a subscription come from. */
@ExtendWith(OutputCaptureExtension.class)
class SubscriptionSettingsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(Starter.autoConfigurations())
            .withBean("billing", Billing.class);

    @Test
    void builtInDefaults() {
        spec(runner, spec -> {
            assertThat(spec.queueCapacity()).isEqualTo(1024);
            assertThat(spec.whenFull()).isEqualTo(WhenFull.REFUSE);
            assertThat(spec.timeout()).isEqualTo(Duration.ofSeconds(30));
            assertThat(spec.autoStartup()).isTrue();
            assertThat(spec.execution()).isEqualTo(Execution.AUTO);
            assertThat(spec.maxAbandoned()).isEqualTo(8);
            assertThat(spec.ordering()).isEqualTo(Ordering.NONE);
            assertThat(spec.retry())
                    .hasToString(dev.pubsub.RetryPolicy.defaults().toString());
            assertThat(spec.circuitBreaker())
                    .hasToString(dev.pubsub.BreakerPolicy.defaults().toString());
            assertThat(spec.deadLetter()).isTrue();
            assertThat(spec.sequenced()).isFalse();
            assertThat(spec.group()).isNull();
            assertThat(spec.condition()).isNull();
        });
    }

    @Test
    void pubsubSubscriberOverridesTheDefaults() {
        spec(runner.withPropertyValues("pubsub.subscriber.queue-capacity=9"), spec -> assertThat(spec.queueCapacity())
                .isEqualTo(9));
    }

    @Test
    void theAnnotationOverridesPubsubSubscriber() {
        spec(runner.withPropertyValues("pubsub.subscriber.concurrency=9"), spec -> assertThat(spec.concurrency())
                .isEqualTo(3));
    }

    @Test
    void pubsubSubscriptionsOverridesTheAnnotation() {
        spec(
                runner.withPropertyValues(
                        "pubsub.subscriber.concurrency=9", "pubsub.subscriptions.billing.onOrder.concurrency=4"),
                spec -> assertThat(spec.concurrency()).isEqualTo(4));
    }

    @Test
    void whatIsLeftOutIsInheritedWithinNestedSettingsToo() {
        spec(
                runner.withPropertyValues(
                        "pubsub.subscriber.retry.max-attempts=7",
                        "pubsub.subscriber.retry.jitter=0.1",
                        "pubsub.subscriptions.billing.onOrder.retry.jitter=0.2"),
                spec -> {
                    assertThat(spec.retry().maxAttempts()).isEqualTo(7);
                    assertThat(spec.retry().jitter()).isEqualTo(0.2);
                });
    }

    @Test
    void oneSubscriptionsSettingsDoNotReachAnother() {
        runner.withBean("other", Other.class)
                .withPropertyValues(
                        "pubsub.subscriptions.billing.onOrder.retry.max-attempts=9",
                        "pubsub.subscriptions.billing.onOrder.retry.retry-exceptions=java.io.IOException")
                .run(context -> {
                    SubscriptionSpec<?> other = context.getBean(PubSub.class)
                            .subscription("other.on")
                            .orElseThrow()
                            .spec();
                    assertThat(other.retry().maxAttempts()).isEqualTo(3);
                    assertThat(other.retry().retryExceptions()).isEmpty();
                });
    }

    @Test
    void everyKeyInYamlUnderAnIdWithDotsAndCamelCase() {
        ApplicationContextRunner yaml = yaml("""
                pubsub:
                  subscriptions:
                    billing.onOrder:
                      topics: [a.b, c.d]
                      group: accounting
                      ordering: key
                      condition: payload != null
                      concurrency: 5
                      queue-capacity: 6
                      when-full: dead-letter
                      timeout: 7s
                      auto-startup: false
                      execution: platform
                      max-abandoned: 9
                      retry:
                        enabled: false
                        max-attempts: 10
                        wait-duration: 11ms
                        backoff-multiplier: 1.2
                        max-wait-duration: 13s
                        jitter: 0.14
                        retry-exceptions: [java.io.IOException]
                        ignore-exceptions: [java.lang.IllegalStateException]
                      circuit-breaker:
                        enabled: false
                        when-open: dead-letter
                        sliding-window-type: time-based
                        sliding-window-size: 15
                        minimum-number-of-calls: 16
                        failure-rate-threshold: 17
                        slow-call-duration-threshold: 18s
                        slow-call-rate-threshold: 19
                        wait-duration-in-open-state: 20s
                        permitted-number-of-calls-in-half-open-state: 21
                        max-probes: 22
                        instance-name: shared
                      dead-letter:
                        enabled: true
                        sequenced: true
                """);
        spec(yaml, spec -> {
            assertThat(spec.patterns()).containsExactly("a.b", "c.d");
            assertThat(spec.group()).isEqualTo("accounting");
            assertThat(spec.ordering()).isEqualTo(Ordering.KEY);
            assertThat(spec.condition()).hasToString("payload != null");
            assertThat(spec.concurrency()).isEqualTo(5);
            assertThat(spec.queueCapacity()).isEqualTo(6);
            assertThat(spec.whenFull()).isEqualTo(WhenFull.DEAD_LETTER);
            assertThat(spec.timeout()).isEqualTo(Duration.ofSeconds(7));
            assertThat(spec.autoStartup()).isFalse();
            assertThat(spec.execution()).isEqualTo(Execution.PLATFORM);
            assertThat(spec.maxAbandoned()).isEqualTo(9);
            assertThat(spec.retry().enabled()).isFalse();
            assertThat(spec.retry().maxAttempts()).isEqualTo(10);
            assertThat(spec.retry().waitDuration()).isEqualTo(Duration.ofMillis(11));
            assertThat(spec.retry().backoffMultiplier()).isEqualTo(1.2);
            assertThat(spec.retry().maxWaitDuration()).isEqualTo(Duration.ofSeconds(13));
            assertThat(spec.retry().jitter()).isEqualTo(0.14);
            assertThat(spec.retry().retryExceptions()).containsExactly(IOException.class);
            assertThat(spec.retry().ignoreExceptions()).containsExactly(IllegalStateException.class);
            assertThat(spec.circuitBreaker().enabled()).isFalse();
            assertThat(spec.circuitBreaker().whenOpen()).isEqualTo(WhenOpen.DEAD_LETTER);
            assertThat(spec.circuitBreaker().slidingWindowType()).isEqualTo(WindowType.TIME_BASED);
            assertThat(spec.circuitBreaker().slidingWindowSize()).isEqualTo(15);
            assertThat(spec.circuitBreaker().minimumNumberOfCalls()).isEqualTo(16);
            assertThat(spec.circuitBreaker().failureRateThreshold()).isEqualTo(17);
            assertThat(spec.circuitBreaker().slowCallDurationThreshold()).isEqualTo(Duration.ofSeconds(18));
            assertThat(spec.circuitBreaker().slowCallRateThreshold()).isEqualTo(19);
            assertThat(spec.circuitBreaker().waitDurationInOpenState()).isEqualTo(Duration.ofSeconds(20));
            assertThat(spec.circuitBreaker().permittedNumberOfCallsInHalfOpenState())
                    .isEqualTo(21);
            assertThat(spec.circuitBreaker().maxProbes()).isEqualTo(22);
            assertThat(spec.circuitBreaker().instanceName()).isEqualTo("shared");
            assertThat(spec.deadLetter()).isTrue();
            assertThat(spec.sequenced()).isTrue();
        });
    }

    @Test
    void everyPropertyOfTheContractWithItsDefault() {
        ApplicationContextRunner yaml = yaml("""
                pubsub:
                  enabled: true
                  transport: memory
                  publisher: { max-concurrent: 256, overflow: block, timeout: 5s, max-batch-size: 1000, transaction: immediate }
                  message: { max-payload-size: 1MB, max-headers: 64, max-header-size: 8KB }
                  subscriber:
                    concurrency: 1
                    queue-capacity: 1024
                    when-full: refuse
                    timeout: 30s
                    auto-startup: true
                    execution: auto
                    max-abandoned: 8
                    retry: { enabled: true, max-attempts: 3, wait-duration: 200ms, backoff-multiplier: 2.0, max-wait-duration: 10s, jitter: 0.5, retry-exceptions: [], ignore-exceptions: [] }
                    circuit-breaker: { enabled: true, when-open: pause, sliding-window-type: count-based, sliding-window-size: 100, minimum-number-of-calls: 20, failure-rate-threshold: 50, slow-call-rate-threshold: 100, wait-duration-in-open-state: 30s, permitted-number-of-calls-in-half-open-state: 3, max-probes: 100 }
                    dead-letter: { enabled: true, sequenced: false }
                  dead-letter-store: { type: memory, capacity: 10000, retention: 7d }
                  metrics: { detail: standard }
                  shutdown: { timeout: 20s }
                """);
        spec(yaml, spec -> {
            assertThat(spec.retry())
                    .hasToString(dev.pubsub.RetryPolicy.defaults().toString());
            assertThat(spec.circuitBreaker())
                    .hasToString(dev.pubsub.BreakerPolicy.defaults().toString());
        });
    }

    @Test
    void anIdInBracketsInYaml() {
        ApplicationContextRunner yaml = yaml("""
                pubsub:
                  subscriptions:
                    "[billing.onOrder]":
                      concurrency: 5
                """);
        spec(yaml, spec -> assertThat(spec.concurrency()).isEqualTo(5));
    }

    @Test
    void theSourceDecidesAndNotTheSpelling() {
        ApplicationContextRunner yaml = yaml("""
                pubsub:
                  subscriptions:
                    "[billing.onOrder]":
                      concurrency: 5
                      queue-capacity: 6
                      topics: [in.brackets, too.many]
                      retry.max-attempts: 7
                """);
        spec(
                yaml.withInitializer(environmentVariables(Map.of(
                        "PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_CONCURRENCY", "8",
                        "PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_TOPICS_0", "from.environment"))),
                spec -> {
                    assertThat(spec.concurrency()).isEqualTo(8);
                    assertThat(spec.queueCapacity()).isEqualTo(6);
                    assertThat(spec.patterns()).containsExactly("from.environment");
                    assertThat(spec.retry().maxAttempts()).isEqualTo(7);
                });
        spec(
                yaml.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SimpleCommandLinePropertySource(
                                "--pubsub.subscriptions.billing.onOrder.concurrency=9",
                                "--pubsub.subscriptions.billing.onOrder.retry.max-attempts=10"))),
                spec -> {
                    assertThat(spec.concurrency()).isEqualTo(9);
                    assertThat(spec.retry().maxAttempts()).isEqualTo(10);
                });
    }

    @Test
    void aFailureNamesTheSourceThatDecided() {
        yaml("\"pubsub.subscriptions.[billing.onOrder].concurrency\": 5")
                .withInitializer(environmentVariables(Map.of("PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_CONCURRENCY", "0")))
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("test-systemEnvironment"));
    }

    @Test
    void environmentVariables() {
        ApplicationContextRunner environment = with(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                        "PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_CONCURRENCY", "5",
                        "PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_RETRY_MAXATTEMPTS", "6",
                        "PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_TOPICS_0", "from.environment",
                        "PUBSUB_SUBSCRIBER_QUEUECAPACITY", "7")));
        spec(environment, spec -> {
            assertThat(spec.concurrency()).isEqualTo(5);
            assertThat(spec.retry().maxAttempts()).isEqualTo(6);
            assertThat(spec.patterns()).containsExactly("from.environment");
            assertThat(spec.queueCapacity()).isEqualTo(7);
        });
    }

    @Test
    void environmentVariablesWinOverYaml() {
        ApplicationContextRunner both = yaml("pubsub.subscriptions.billing.onOrder.concurrency: 8")
                .withInitializer(environmentVariables(Map.of("PUBSUB_SUBSCRIPTIONS_BILLING_ONORDER_CONCURRENCY", "5")));
        spec(both, spec -> assertThat(spec.concurrency()).isEqualTo(5));
    }

    @Test
    void aConfiguredIdThatNoSubscriptionBearsIsAWarningThatNamesTheNearest(CapturedOutput output) {
        runner.withPropertyValues(
                        "pubsub.subscriptions.biling.onOrder.concurrency=2",
                        "pubsub.subscriptions.biling.onOrder.retry.max-attempts=2")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output)
                .containsOnlyOnce("pubsub.subscriptions.biling.onOrder configures an id that no subscription of this"
                        + " context bears; did you mean 'billing.onOrder'?")
                .contains("WARN");
    }

    @Test
    void aSlipBelowAnIdThatIsBorneIsAWarningToo(CapturedOutput output) {
        runner.withBean("shortId", Short.class)
                .withPropertyValues(
                        "pubsub.subscriptions.short.onOrdr.timeout=5s",
                        "pubsub.subscriptions.short.timout=5s",
                        "pubsub.subscriptions.short.retry.max-attempts=2")
                .withInitializer(environmentVariables(Map.of("PUBSUB_SUBSCRIPTIONS_SHORT_QUEUE_CAPACITY", "5")))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output)
                .containsOnlyOnce("pubsub.subscriptions.short.onOrdr configures an id that no subscription")
                .containsOnlyOnce("pubsub.subscriptions.short.timout is no setting of a subscription")
                .doesNotContain("pubsub.subscriptions.short configures")
                .doesNotContain("pubsub.subscriptions.short.queue");
    }

    @Test
    void settingsOfASubscriptionMadeInCodeAreAWarning(CapturedOutput output) {
        runner.withPropertyValues("pubsub.subscriptions.in-code.concurrency=2")
                .withInitializer(context -> context.getBeanFactory()
                        .addBeanPostProcessor(new org.springframework.beans.factory.config.BeanPostProcessor() {
                            @Override
                            public Object postProcessAfterInitialization(Object bean, String name) {
                                if (bean instanceof PubSub pubSub) {
                                    pubSub.subscribe(
                                            SubscriptionSpec.builder("in-code", "t")
                                                    .build(),
                                            (m, d) -> {});
                                }
                                return bean;
                            }
                        }))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output)
                .contains("pubsub.subscriptions.in-code has no effect")
                .doesNotContain("no subscription of this context");
    }

    @Test
    void idsThatEndLikeKeysHaveTheirOwnSettings() {
        new ApplicationContextRunner()
                .withConfiguration(Starter.autoConfigurations())
                .withBean("keys", NamedLikeKeys.class)
                .withPropertyValues(
                        "pubsub.subscriptions.keys.topics.concurrency=2",
                        "pubsub.subscriptions.keys.timeout.concurrency=3",
                        "pubsub.subscriptions.keys.retry.concurrency=4")
                .run(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(pubSub.subscription("keys.topics")
                                    .orElseThrow()
                                    .spec()
                                    .concurrency())
                            .isEqualTo(2);
                    assertThat(pubSub.subscription("keys.timeout")
                                    .orElseThrow()
                                    .spec()
                                    .concurrency())
                            .isEqualTo(3);
                    assertThat(pubSub.subscription("keys.retry")
                                    .orElseThrow()
                                    .spec()
                                    .concurrency())
                            .isEqualTo(4);
                });
    }

    @Test
    void aConfiguredIdThatIsBorneIsNoWarning(CapturedOutput output) {
        yaml("""
                        pubsub:
                          subscriptions:
                            billing.onOrder:
                              enabled: false
                              retry.max-attempts: 2
                            "[billing.onOrder]":
                              concurrency: 2
                        """).run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("no subscription of this context").doesNotContain("is no setting");
    }

    private void spec(ApplicationContextRunner with, Consumer<SubscriptionSpec<?>> check) {
        with.run(context -> {
            assertThat(context).hasNotFailed();
            check.accept(context.getBean(PubSub.class)
                    .subscription("billing.onOrder")
                    .orElseThrow()
                    .spec());
        });
    }

    private static ApplicationContextInitializer<ConfigurableApplicationContext> environmentVariables(
            Map<String, Object> variables) {
        return context -> context.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables));
    }

    private ApplicationContextRunner yaml(String text) {
        try {
            List<PropertySource<?>> sources = new YamlPropertySourceLoader()
                    .load("test", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)));
            return with(sources.get(0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ApplicationContextRunner with(PropertySource<?> source) {
        return runner.withInitializer(context -> {
            var sources = context.getEnvironment().getPropertySources();
            if (sources.contains(source.getName())) {
                sources.replace(source.getName(), source);
            } else {
                sources.addLast(source);
            }
        });
    }

    static class Billing {
        @Subscribe(topics = "orders.created", concurrency = "3")
        void onOrder(Object payload) {}
    }

    static class Short {
        @Subscribe(id = "short", topics = "orders.created")
        void on(Object payload) {}
    }

    static class NamedLikeKeys {
        @Subscribe("a")
        void topics(Object payload) {}

        @Subscribe("a")
        void timeout(Object payload) {}

        @Subscribe("a")
        void retry(Object payload) {}
    }

    static class Other {
        @Subscribe("orders.created")
        void on(Object payload) {}
    }
}
