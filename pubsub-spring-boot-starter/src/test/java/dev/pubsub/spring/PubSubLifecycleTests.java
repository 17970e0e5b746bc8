package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.spring.autoconfigure.PubSubLifecycle;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When the engine starts and stops. */
@ExtendWith(OutputCaptureExtension.class)
class PubSubLifecycleTests {

    private final ApplicationContextRunner runner = Starter.runner();

    @Test
    void stopsAfterTheWebServerHasFinishedItsRequests() {
        runner.run(context -> assertThat(context.getBean(PubSubLifecycle.class).getPhase())
                .isEqualTo(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1024));
    }

    @Test
    void messagesPublishedDuringTheStartAreDeliveredAfterIt() {
        runner.withUserConfiguration(PublishesEarly.class).run(balanced(context -> {
            Early early = context.getBean(Early.class);
            assertThat(early.received.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(early.stateAtDelivery.get()).isEqualTo(State.RUNNING);
        }));
    }

    @Test
    @Timeout(30)
    void survivesStopAndStartAsCachedTestContextsDo() {
        runner.withBean("counting", Counting.class).run(balanced(context -> {
            ConfigurableApplicationContext source =
                    (ConfigurableApplicationContext) context.getSourceApplicationContext();
            PubSub pubSub = context.getBean(PubSub.class);
            for (int i = 0; i < 3; i++) {
                source.stop();
                assertThat(pubSub.snapshot().state()).isEqualTo(State.STOPPED);
                assertThatExceptionOfType(PubSubClosedException.class).isThrownBy(() -> pubSub.publish("things", "x"));
                source.start();
                Starter.deliver(pubSub, Message.of("things", "x"));
            }
            assertThat(pubSub.snapshot().subscriptions().get(0).completed()).isEqualTo(3);
        }));
    }

    @Test
    void anIdleEngineStopsAtOnce() {
        runner.withBean("counting", Counting.class).run(context -> {
            ConfigurableApplicationContext source =
                    (ConfigurableApplicationContext) context.getSourceApplicationContext();
            Starter.deliver(context.getBean(PubSub.class), Message.of("things", "x"));
            long before = System.nanoTime();
            source.stop();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        });
    }

    @Test
    void closingTheContextHandlesWhatIsQueuedAndClosesTheEngine() {
        Counting counting = new Counting();
        AtomicReference<PubSub> engine = new AtomicReference<>();
        runner.withBean("counting", Counting.class, () -> counting).run(context -> {
            engine.set(context.getBean(PubSub.class));
            for (int i = 0; i < 100; i++) {
                engine.get().publish("things", i);
            }
        });
        assertThat(counting.count).isEqualTo(100);
        assertThat(engine.get().snapshot().state()).isEqualTo(State.CLOSED);
    }

    @Test
    @Timeout(30)
    void theDrainEndsAfterItsTimeout() {
        Hanging hanging = new Hanging();
        long[] closing = new long[1];
        runner.withPropertyValues("pubsub.shutdown.timeout=100ms")
                .withBean("hanging", Hanging.class, () -> hanging)
                .run(context -> {
                    context.getBean(PubSub.class).publish("things", "x");
                    assertThat(hanging.called.await(5, TimeUnit.SECONDS)).isTrue();
                    closing[0] = System.nanoTime();
                });
        assertThat(Duration.ofNanos(System.nanoTime() - closing[0])).isLessThan(Duration.ofSeconds(5));
        Starter.soon().until(() -> hanging.interrupted);
    }

    @Test
    void saysWhatIsSubscribed(CapturedOutput output) {
        runner.withBean("counting", Counting.class)
                .withPropertyValues("pubsub.subscriptions.counting.on.concurrency=4")
                .run(context -> assertThat(output)
                        .contains("PubSub started, transport memory, 1 subscription: counting.on [things] x4"));
    }

    @Test
    void warnsWhereTheDrainIsNotShorterThanThePhase(CapturedOutput output) {
        runner.withPropertyValues("pubsub.shutdown.timeout=30s").run(context -> assertThat(output)
                .contains("pubsub.shutdown.timeout is PT30S, not shorter than"
                        + " spring.lifecycle.timeout-per-shutdown-phase, PT30S: closing may take longer than the phase"
                        + " allows for, and what stops the process may kill it first"));
    }

    @Test
    void doesNotWarnOfADrainThatIsShorter(CapturedOutput output) {
        runner.withPropertyValues("pubsub.shutdown.timeout=10s", "spring.lifecycle.timeout-per-shutdown-phase=11s")
                .run(context -> assertThat(output).doesNotContain("not shorter than"));
    }

    @Test
    void hintsAtTheEndpointWhereActuatorIsThereAndItIsNotExposed(CapturedOutput output) {
        web().run(context -> assertThat(output)
                .contains("management.endpoints.web.exposure.include: health,pubsub,pubsubdeadletters"));
    }

    @Test
    void doesNotHintWhereTheEndpointIsExposed(CapturedOutput output) {
        web().withPropertyValues("management.endpoints.web.exposure.include=pubsub")
                .run(context -> assertThat(output).doesNotContain("not exposed"));
    }

    private static WebApplicationContextRunner web() {
        return new WebApplicationContextRunner()
                .withConfiguration(Starter.autoConfigurations())
                .withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class));
    }

    static class Counting {
        volatile int count;

        @Subscribe("things")
        void on(Object payload) {
            count++;
        }
    }

    static class Hanging {
        final CountDownLatch called = new CountDownLatch(1);
        volatile boolean interrupted;

        @Subscribe("things")
        void on(Object payload) throws InterruptedException {
            called.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted = true;
                throw e;
            }
        }
    }

    static class Early {
        final CountDownLatch received = new CountDownLatch(1);
        final AtomicReference<State> stateAtDelivery = new AtomicReference<>();
        private final PubSub pubSub;

        Early(PubSub pubSub) {
            this.pubSub = pubSub;
        }

        @Subscribe("early")
        void on(Object payload) {
            stateAtDelivery.set(pubSub.snapshot().state());
            received.countDown();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class PublishesEarly {
        @Bean
        Early early(PubSub pubSub) {
            return new Early(pubSub);
        }

        @Bean
        SmartLifecycle publishesBeforeTheEngineStarts(PubSub pubSub) {
            return new SmartLifecycle() {
                private boolean running;

                @Override
                public void start() {
                    running = true;
                    assertThat(pubSub.snapshot().state()).isEqualTo(State.NEW);
                    pubSub.publish("early", "x");
                }

                @Override
                public void stop() {
                    running = false;
                }

                @Override
                public boolean isRunning() {
                    return running;
                }

                @Override
                public int getPhase() {
                    return 0;
                }
            };
        }
    }
}
