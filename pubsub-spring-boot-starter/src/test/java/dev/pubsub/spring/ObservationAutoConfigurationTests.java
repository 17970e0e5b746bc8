package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.observe.ContextCarrier;
import dev.pubsub.observe.ContextPropagation;
import dev.pubsub.observe.ContextTracer;
import dev.pubsub.observe.DefaultProcessObservationConvention;
import dev.pubsub.observe.DefaultPublishObservationConvention;
import dev.pubsub.observe.MeterlessObservationHandler;
import dev.pubsub.observe.MicrometerTracer;
import dev.pubsub.observe.ProcessObservationConvention;
import dev.pubsub.observe.PublishObservationConvention;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spring.tracing.CurrentSpanCleaner;
import dev.pubsub.spring.tracing.ReplayTracingObservationHandler;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** When publishes and attempts are observed, and by what; when contexts are carried. */
class ObservationAutoConfigurationTests {

    private final ApplicationContextRunner plain = Starter.runner();

    /** As with Actuator: a registry, whose only handler makes meters. */
    private final ApplicationContextRunner withMeters = plain.withConfiguration(
                    AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean("things", Things.class);

    private final ApplicationContextRunner observed = withMeters.withUserConfiguration(Recording.class);

    @Test
    void withoutARegistryNothingIsObserved() {
        plain.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrometerTracer.class));
        plain.withPropertyValues("pubsub.observation.enabled=true")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MicrometerTracer.class));
    }

    @Test
    void whereOnlyMetersAreMadeOfObservationsNothingIsObserved() {
        withMeters.run(context -> {
            assertThat(context).hasSingleBean(ObservationRegistry.class).doesNotHaveBean(MicrometerTracer.class);
            Message<String> message = Message.of("things", "x");
            deliver(context.getBean(PubSub.class), message);
            assertThat(context.getBean(Things.class).received).singleElement().isSameAs(message);
        });
    }

    @Test
    void whereAnotherHandlerIsThereEverythingIsObserved() {
        observed.run(context -> {
            assertThat(context).hasSingleBean(MicrometerTracer.class).hasSingleBean(ContextPropagation.class);
            deliver(context.getBean(PubSub.class), Message.of("things", "x"));
            assertThat(context.getBean(Recorder.class).stopped)
                    .containsExactlyInAnyOrder("pubsub.message.publish", "pubsub.message.process");
        });
    }

    @Test
    void thePropertySwitchesItOffAndOn() {
        observed.withPropertyValues("pubsub.observation.enabled=false").run(context -> {
            assertThat(context)
                    .doesNotHaveBean(MicrometerTracer.class)
                    .doesNotHaveBean(MeterlessObservationHandler.class);
            deliver(context.getBean(PubSub.class), Message.of("things", "x"));
            assertThat(context.getBean(Recorder.class).stopped).isEmpty();
        });
        withMeters.withPropertyValues("pubsub.observation.enabled=true").run(context -> assertThat(context)
                .hasSingleBean(MicrometerTracer.class));
        observed.withPropertyValues("pubsub.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageTracer.class));
    }

    @Test
    void noMetersAreMadeOfTheseObservationsAndAllOthersKeepTheirs() {
        observed.run(context -> {
            Observation.createNotStarted("of.the.application", context.getBean(ObservationRegistry.class))
                    .observe(() -> {});
            deliver(context.getBean(PubSub.class), Message.of("things", "x"));

            List<String> meters = context.getBean(MeterRegistry.class).getMeters().stream()
                    .map(meter -> meter.getId().getName())
                    .toList();
            assertThat(meters)
                    .contains("of.the.application", "pubsub.subscription.process")
                    .noneMatch(name -> name.startsWith("pubsub.message"));
        });
    }

    @Test
    void theApplicationsConventionsAreUsed() {
        PublishObservationConvention publish = new DefaultPublishObservationConvention() {
            @Override
            public String getName() {
                return "own.publish";
            }
        };
        ProcessObservationConvention process = new DefaultProcessObservationConvention() {
            @Override
            public String getName() {
                return "own.process";
            }
        };
        observed.withBean(PublishObservationConvention.class, () -> publish)
                .withBean(ProcessObservationConvention.class, () -> process)
                .run(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("things", "x"));
                    assertThat(context.getBean(Recorder.class).stopped)
                            .containsExactlyInAnyOrder("own.publish", "own.process");
                });
    }

    @Test
    void theApplicationsTracerWins() {
        MessageTracer own = Mockito.mock(MessageTracer.class);
        observed.withBean(MessageTracer.class, () -> own).run(context -> {
            assertThat(context).doesNotHaveBean(MicrometerTracer.class);
            deliver(context.getBean(PubSub.class), Message.of("things", "x"));
            Mockito.verify(own).publish(Mockito.any(), Mockito.eq("things"));
        });
    }

    @Test
    void contextsAreCapturedUnlessSwitchedOffOrTheLibraryIsAbsent() {
        observed.withPropertyValues("pubsub.observation.capture-context=false").run(context -> assertThat(context)
                .hasSingleBean(MicrometerTracer.class)
                .doesNotHaveBean(ContextCarrier.class));
        observed.withClassLoader(new FilteredClassLoader(ContextSnapshotFactory.class))
                .run(context -> assertThat(context)
                        .hasSingleBean(MicrometerTracer.class)
                        .doesNotHaveBean(ContextCarrier.class));
    }

    /** With Spring Security and the library, say, and nothing that traces. */
    @Test
    void contextsAreCarriedWhereNothingIsObservedToo() {
        for (ApplicationContextRunner runner :
                List.of(plain, withMeters, observed.withPropertyValues("pubsub.observation.enabled=false"))) {
            runner.withBean("looking", Looking.class).run(context -> {
                assertThat(context).hasSingleBean(ContextTracer.class).doesNotHaveBean(MicrometerTracer.class);
                SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ann", "secret"));
                MDC.put("user", "ann");
                try {
                    deliver(context.getBean(PubSub.class), Message.of("looking", "x"));
                } finally {
                    SecurityContextHolder.clearContext();
                    MDC.clear();
                }
                assertThat(context.getBean(Looking.class).seen).containsExactly("ann, ann");
            });
        }
    }

    @Test
    void nothingIsCarriedWhereThatIsSwitchedOffOrTheLibraryIsAbsent() {
        plain.withPropertyValues("pubsub.observation.capture-context=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageTracer.class));
        plain.withClassLoader(new FilteredClassLoader(ContextSnapshotFactory.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageTracer.class));
        plain.withPropertyValues("pubsub.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageTracer.class));
    }

    @Test
    void aCarrierOfTheApplicationNeedsNoLibrary() {
        plain.withClassLoader(new FilteredClassLoader(ContextSnapshotFactory.class))
                .withBean(ContextCarrier.class, ContextCarrier::none)
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(ContextTracer.class));
    }

    @Test
    void spansAreNoConcernWhereThereIsNoTracer() {
        observed.run(context -> assertThat(context)
                .doesNotHaveBean(ReplayTracingObservationHandler.class)
                .doesNotHaveBean(CurrentSpanCleaner.class));
        observed.withClassLoader(new FilteredClassLoader(Tracer.class))
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(MicrometerTracer.class));
        observed.withBean(Tracer.class, () -> Tracer.NOOP).run(context -> assertThat(context)
                .hasSingleBean(ReplayTracingObservationHandler.class)
                .hasSingleBean(CurrentSpanCleaner.class));
    }

    static class Things {

        final List<Message<?>> received = new CopyOnWriteArrayList<>();

        @Subscribe("things")
        void on(Message<String> message) {
            received.add(message);
        }
    }

    static class Looking {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Subscribe("looking")
        void on(Object payload) {
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            seen.add((user == null ? null : user.getName()) + ", " + MDC.get("user"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Recording {

        @Bean
        Recorder recorder() {
            return new Recorder();
        }
    }

    static class Recorder implements ObservationHandler<Observation.Context> {

        final List<String> stopped = new CopyOnWriteArrayList<>();

        @Override
        public void onStop(Observation.Context context) {
            stopped.add(context.getName());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
