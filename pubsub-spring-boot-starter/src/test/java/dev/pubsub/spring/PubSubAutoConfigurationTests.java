package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.deliver;
import static dev.pubsub.spring.Starter.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Execution;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.CommitHook;
import dev.pubsub.spi.EngineMetrics;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.spring.actuate.DeadLettersEndpoint;
import dev.pubsub.spring.actuate.PubSubEndpoint;
import dev.pubsub.spring.actuate.PubSubHealthIndicator;
import dev.pubsub.spring.autoconfigure.PubSubLifecycle;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.subscriptions.SubscribeMethodProcessor;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What the starter puts into a context, and what it leaves to the application. */
class PubSubAutoConfigurationTests {

    private final ApplicationContextRunner runner = Starter.runner();

    @Test
    void anEngineThatRuns() {
        runner.run(
                context -> assertThat(context.getBean(PubSub.class).snapshot().state())
                        .isEqualTo(dev.pubsub.PubSubSnapshot.State.RUNNING));
    }

    @Test
    void nothingIsLeftWhereItIsDisabled() {
        runner.withPropertyValues("pubsub.enabled=false")
                .withBean("orders", Orders.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).doesNotHaveBean(PubSub.class);
                    assertThat(context.getBeanDefinitionNames())
                            .noneMatch(name -> name.toLowerCase().contains("pubsub"));
                    assertThat(context).doesNotHaveBean(SubscribeMethodProcessor.class);
                    assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
                            .isThrownBy(() -> context.getBean(PubSub.class));
                });
    }

    @Test
    void nothingIsLeftButTheApplicationsOwnEngineWhereItIsDisabled() {
        try (PubSub own = PubSubEngine.builder().build()) {
            new WebApplicationContextRunner()
                    .withConfiguration(Starter.autoConfigurations())
                    .withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class))
                    .withPropertyValues("pubsub.enabled=false", "management.endpoints.web.exposure.include=*")
                    .withBean("own", PubSub.class, () -> own)
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(context.getBean(PubSub.class)).isSameAs(own);
                        assertThat(context.getBeanDefinitionNames())
                                .noneMatch(name -> name.toLowerCase().contains("pubsub"));
                        assertThat(own.snapshot().state()).isEqualTo(dev.pubsub.PubSubSnapshot.State.NEW);
                    });
        }
    }

    @Test
    void theApplicationsOwnEngineIsUsedStartedAndStopped() {
        PubSub own = PubSubEngine.builder().build();
        runner.withBean("own", PubSub.class, () -> own)
                .withBean("orders", Orders.class)
                .run(context -> {
                    assertThat(context.getBean(PubSub.class)).isSameAs(own);
                    assertThat(own.subscription("orders.on")).isPresent();
                    assertThat(own.snapshot().state()).isEqualTo(dev.pubsub.PubSubSnapshot.State.RUNNING);
                });
        assertThat(own.snapshot().state()).isEqualTo(dev.pubsub.PubSubSnapshot.State.CLOSED);
    }

    @Test
    void theApplicationsOwnCircuitBreakerRegistryHoldsTheBreakers() {
        CircuitBreakerRegistry own = CircuitBreakerRegistry.ofDefaults();
        runner.withBean(CircuitBreakerRegistry.class, () -> own)
                .withBean("orders", Orders.class)
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
                    assertThat(own.find("orders.on")).isPresent();
                }));
    }

    @Test
    void ofSeveralRegistriesNoneIsTaken() {
        CircuitBreakerRegistry one = CircuitBreakerRegistry.ofDefaults();
        CircuitBreakerRegistry two = CircuitBreakerRegistry.ofDefaults();
        runner.withBean("one", CircuitBreakerRegistry.class, () -> one)
                .withBean("two", CircuitBreakerRegistry.class, () -> two)
                .withBean("oneOfRetries", RetryRegistry.class, RetryRegistry::ofDefaults)
                .withBean("twoOfRetries", RetryRegistry.class, RetryRegistry::ofDefaults)
                .withBean("orders", Orders.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(one.getAllCircuitBreakers()).isEmpty();
                    assertThat(two.getAllCircuitBreakers()).isEmpty();
                });
    }

    @Test
    void aRetryOfTheApplicationsOwnRegistryWins() {
        RetryRegistry own = RetryRegistry.ofDefaults();
        own.retry(
                "failing.on",
                io.github.resilience4j.retry.RetryConfig.custom()
                        .maxAttempts(2)
                        .waitDuration(java.time.Duration.ofMillis(1))
                        .build());
        runner.withBean(RetryRegistry.class, () -> own)
                .withPropertyValues("pubsub.subscriber.retry.max-attempts=5")
                .withBean("failing", Failing.class)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    deliver(pubSub, Message.of("orders.created", "x"));
                    assertThat(pubSub.snapshot().subscriptions().get(0).retries())
                            .isEqualTo(1);
                }));
    }

    @Test
    void theApplicationsOwnMeterRegistryHasTheMeters() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("orders", Orders.class)
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
                    assertThat(context.getBean(MeterRegistry.class)
                                    .get("pubsub.subscription.process")
                                    .tag("subscription", "orders.on")
                                    .tag("result", "success")
                                    .timer()
                                    .count())
                            .isEqualTo(1);
                }));
    }

    @Test
    void theApplicationsOwnMetricsWin() {
        EngineMetrics own = mock(EngineMetrics.class, org.mockito.Answers.RETURNS_MOCKS);
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
                .withBean("own", EngineMetrics.class, () -> own)
                .run(context -> assertThat(context).hasSingleBean(EngineMetrics.class));
    }

    @Test
    void theApplicationsOwnClockStampsDeadLetters() {
        Instant then = Instant.parse("2020-01-02T03:04:05Z");
        runner.withBean(Clock.class, () -> Clock.fixed(then, ZoneOffset.UTC))
                .withPropertyValues("pubsub.subscriber.retry.enabled=false")
                .withBean("failing", Failing.class)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    deliver(pubSub, Message.of("orders.created", "x"));
                    assertThat(pubSub.deadLetters().find(DeadLetterQuery.all()))
                            .extracting(DeadLetter::failedAt)
                            .containsExactly(then);
                }));
    }

    @Test
    void theApplicationsOwnTimeSourceWinsOverItsClock() {
        TimeSource own = mock(TimeSource.class);
        when(own.nanoTime()).thenAnswer(call -> System.nanoTime());
        when(own.currentTimeMillis()).thenReturn(1L);
        runner.withBean(TimeSource.class, () -> own)
                .withBean(Clock.class, Clock::systemUTC)
                .withPropertyValues("pubsub.subscriber.retry.enabled=false")
                .withBean("failing", Failing.class)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    deliver(pubSub, Message.of("orders.created", "x"));
                    assertThat(pubSub.deadLetters()
                                    .find(DeadLetterQuery.all())
                                    .get(0)
                                    .failedAt())
                            .isEqualTo(Instant.ofEpochMilli(1));
                }));
    }

    @Test
    void theApplicationsOwnSchedulerRunsTheTimers() {
        Scheduler own = mock(Scheduler.class);
        when(own.schedule(any(), org.mockito.ArgumentMatchers.anyLong())).thenAnswer(call -> {
            Thread thread = new Thread(call.<Runnable>getArgument(0));
            thread.setDaemon(true);
            thread.start();
            return (Scheduler.Cancellable) () -> {};
        });
        runner.withBean(Scheduler.class, () -> own)
                .withBean("failing", Failing.class)
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", "x"));
                    verify(own, atLeastOnce()).schedule(any(), org.mockito.ArgumentMatchers.anyLong());
                }));
    }

    @Test
    void theApplicationsOwnPayloadCodecConverts() {
        PayloadCodec own = (payload, target) -> new Order("own", 1);
        AtomicReference<Order> seen = new AtomicReference<>();
        runner.withBean(PayloadCodec.class, () -> own)
                .withBean("orders", Orders.class, () -> new Orders(seen))
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", 42));
                    assertThat(seen.get()).isEqualTo(new Order("own", 1));
                }));
    }

    @Test
    void theApplicationsOwnJsonMapperConverts() {
        AtomicReference<Order> seen = new AtomicReference<>();
        runner.withBean(JsonMapper.class, () -> JsonMapper.builder()
                        .propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
                        .build())
                .withBean("orders", Orders.class, () -> new Orders(seen))
                .run(balanced(context -> {
                    deliver(
                            context.getBean(PubSub.class),
                            Message.of("orders.created", "{\"NUMBER\":\"A\",\"TOTAL\":3}"));
                    assertThat(seen.get()).isEqualTo(new Order("A", 3));
                }));
    }

    @Test
    void withoutJacksonTheEngineWorksAndDecodesNothing() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
                .withBean("orders", Orders.class, () -> new Orders(new AtomicReference<>()))
                .withBean("numbers", Numbers.class)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(outcome(pubSub, "orders.on", Message.of("orders.created", new Order("A", 1))))
                            .isEqualTo(Outcome.COMPLETED);
                    assertThat(outcome(pubSub, "orders.on", Message.of("orders.created", Map.of("number", "A"))))
                            .isEqualTo(Outcome.DEAD_LETTERED);
                    assertThat(outcome(pubSub, "numbers.on", Message.of("numbers", "42")))
                            .isEqualTo(Outcome.COMPLETED);
                }));
    }

    @Test
    void withoutActuatorTheEngineWorks() {
        runner.withClassLoader(new FilteredClassLoader(
                        Endpoint.class,
                        ConditionalOnAvailableEndpoint.class,
                        HealthIndicator.class,
                        ConditionalOnEnabledHealthIndicator.class))
                .withBean("orders", Orders.class, () -> new Orders(new AtomicReference<>()))
                .run(balanced(context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).doesNotHaveBean("pubsubHealthIndicator");
                    assertThat(outcome(
                                    context.getBean(PubSub.class),
                                    "orders.on",
                                    Message.of("orders.created", new Order("A", 1))))
                            .isEqualTo(Outcome.COMPLETED);
                }));
    }

    @Test
    void withoutAMeterRegistryThereAreNoMetrics() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EngineMetrics.class));
    }

    @Test
    void withoutSpringTxThereIsNoHookAndTheEngineWorks() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(CommitHook.class));
    }

    @Test
    void withoutSpringWebSecurityAndReactiveStreamsTheEngineWorks() {
        runner.withClassLoader(new FilteredClassLoader(
                        "org.springframework.web",
                        "org.springframework.http",
                        "org.springframework.security",
                        "org.reactivestreams",
                        "reactor"))
                .withBean("orders", Orders.class, () -> new Orders(new AtomicReference<>()))
                .run(balanced(context -> assertThat(outcome(
                                context.getBean(PubSub.class),
                                "orders.on",
                                Message.of("orders.created", new Order("A", 1))))
                        .isEqualTo(Outcome.COMPLETED)));
    }

    @Test
    void healthIsThereAndCanBeSwitchedOff() {
        runner.run(context -> assertThat(context).hasBean("pubsubHealthIndicator"));
        runner.withPropertyValues("management.health.pubsub.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(PubSubHealthIndicator.class));
    }

    @Test
    void endpointsAreThereWhereTheyAreExposed() {
        WebApplicationContextRunner web = new WebApplicationContextRunner()
                .withConfiguration(Starter.autoConfigurations())
                .withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class));
        web.run(context -> assertThat(context).doesNotHaveBean(PubSubEndpoint.class));
        web.withPropertyValues("management.endpoints.web.exposure.include=pubsub")
                .run(context -> assertThat(context)
                        .hasSingleBean(PubSubEndpoint.class)
                        .doesNotHaveBean(DeadLettersEndpoint.class));
    }

    @Test
    void propertiesReachTheEngine() {
        runner.withPropertyValues("pubsub.publisher.max-concurrent=7").run(context -> assertThat(
                        context.getBean(PubSub.class).snapshot().publisher().limit())
                .isEqualTo(7));
    }

    @Test
    void defaultsAreThoseOfTheContract() {
        PubSubProperties properties = new PubSubProperties();
        assertThat(properties.getTransport()).isEqualTo("memory");
        assertThat(properties.getPublisher().getMaxConcurrent()).isEqualTo(256);
        assertThat(properties.getPublisher().getOverflow()).hasToString("BLOCK");
        assertThat(properties.getPublisher().getTimeout()).hasSeconds(5);
        assertThat(properties.getPublisher().getMaxBatchSize()).isEqualTo(1000);
        assertThat(properties.getPublisher().getTransaction()).hasToString("IMMEDIATE");
        assertThat(properties.getMessage().getMaxPayloadSize().toMegabytes()).isEqualTo(1);
        assertThat(properties.getMessage().getMaxHeaders()).isEqualTo(64);
        assertThat(properties.getMessage().getMaxHeaderSize().toKilobytes()).isEqualTo(8);
        assertThat(properties.getDeadLetterStore().getType()).isEqualTo("memory");
        assertThat(properties.getDeadLetterStore().getCapacity()).isEqualTo(10_000);
        assertThat(properties.getDeadLetterStore().getRetention()).hasDays(7);
        assertThat(properties.getMetrics().getDetail()).hasToString("STANDARD");
        assertThat(properties.getShutdown().getTimeout()).hasSeconds(20);
    }

    @Test
    void handlersRunOnPlatformThreads() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        runner.withBean("threads", Threads.class, () -> new Threads(thread)).run(balanced(context -> {
            deliver(context.getBean(PubSub.class), Message.of("orders.created", "x"));
            assertThat(isVirtual(thread.get())).isFalse();
        }));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void autoMeansPlatformThreadsWhereThereAreNoOthers() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .withBean("threads", Threads.class, () -> new Threads(thread))
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", "x"));
                    assertThat(isVirtual(thread.get())).isFalse();
                }));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void handlersRunOnVirtualThreadsWhereTheApplicationDoes() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        runner.withPropertyValues("spring.threads.virtual.enabled=true")
                .withBean("threads", Threads.class, () -> new Threads(thread))
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", "x"));
                    assertThat(isVirtual(thread.get())).isTrue();
                }));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void oneSubscriptionMayRunOnVirtualThreadsAlone() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        runner.withPropertyValues("pubsub.subscriptions.threads.on.execution=virtual")
                .withBean("threads", Threads.class, () -> new Threads(thread))
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(pubSub.subscription("threads.on")
                                    .orElseThrow()
                                    .spec()
                                    .execution())
                            .isEqualTo(Execution.VIRTUAL);
                    deliver(pubSub, Message.of("orders.created", "x"));
                    assertThat(isVirtual(thread.get())).isTrue();
                }));
    }

    @Test
    void theLifecycleIsThatOfTheStarter() {
        runner.run(context -> assertThat(context).hasSingleBean(PubSubLifecycle.class));
    }

    private static boolean isVirtual(Thread thread) {
        try {
            return (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
        } catch (NoSuchMethodException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static class Orders {
        private final AtomicReference<Order> seen;

        Orders() {
            this(new AtomicReference<>());
        }

        Orders(AtomicReference<Order> seen) {
            this.seen = seen;
        }

        @Subscribe("orders.created")
        void on(Order order) {
            seen.set(order);
        }
    }

    static class Numbers {
        @Subscribe("numbers")
        void on(Integer number) {}
    }

    static class Failing {
        @Subscribe("orders.created")
        void on(Object payload) {
            throw new IllegalStateException("fails");
        }
    }

    static class Threads {
        private final AtomicReference<Thread> seen;

        Threads(AtomicReference<Thread> seen) {
            this.seen = seen;
        }

        @Subscribe("orders.created")
        void on(Object payload) {
            seen.set(Thread.currentThread());
        }
    }
}
