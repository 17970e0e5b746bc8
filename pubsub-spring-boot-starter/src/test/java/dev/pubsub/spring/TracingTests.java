package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Delivery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.Publisher;
import dev.pubsub.RejectMessageException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestAttributesThreadLocalAccessor;
import org.springframework.web.context.request.RequestContextHolder;

/** From an HTTP request through the queue and its retries to the handler, with OpenTelemetry. */
class TracingTests {

    private static final String LOGGER = "traced.handler";

    /** Not a bean: Spring Boot would export to it a second time, seconds later. */
    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    private static WebApplication application;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    static void start() {
        application = new WebApplication(
                Application.class,
                "management.tracing.sampling.probability=1.0",
                "pubsub.subscriptions.slow.timeout=50ms");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @BeforeEach
    void reset() {
        SPANS.reset();
        handlers().reset();
        pubSub().deadLetters().discardAll(DeadLetterQuery.all());
        log.start();
        ((Logger) LoggerFactory.getLogger(LOGGER)).addAppender(log);
    }

    @AfterEach
    void detach() {
        ((Logger) LoggerFactory.getLogger(LOGGER)).detachAppender(log);
    }

    private static Handlers handlers() {
        return application.bean(Handlers.class);
    }

    private static PubSub pubSub() {
        return application.bean(PubSub.class);
    }

    @Test
    void aRequestItsPublishTwoFailuresAndASuccessAreOneTrace() {
        assertThat(application.post("/publish/flaky", "{}").status()).isEqualTo(200);

        List<SpanData> trace = awaitSpans(5);
        SpanData request = only(ofKind(trace, SpanKind.SERVER));
        SpanData publish = only(ofKind(trace, SpanKind.PRODUCER));
        List<SpanData> attempts = ofKind(trace, SpanKind.CONSUMER);
        assertThat(trace).extracting(SpanData::getTraceId).containsOnly(request.getTraceId());
        assertThat(publish.getName()).isEqualTo("publish flaky");
        assertThat(publish.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(attempts).hasSize(3).allSatisfy(attempt -> {
            assertThat(attempt.getName()).isEqualTo("process flaky");
            assertThat(attempt.getParentSpanId()).isEqualTo(publish.getSpanId());
            assertThat(attempt.getLinks()).isEmpty();
        });
        assertThat(attempts)
                .extracting(attempt -> attempt.getStatus().getStatusCode())
                .containsExactly(StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET);
        assertThat(attempts)
                .extracting(attempt -> attribute(attempt, "messaging.pubsub.attempt"))
                .containsExactly("1", "2", "3");
        assertThat(attempts)
                .extracting(attempt -> attribute(attempt, "error.type"))
                .containsExactly(IllegalStateException.class.getName(), IllegalStateException.class.getName(), null);
        assertThat(attempts).allSatisfy(attempt -> {
            assertThat(attribute(attempt, "messaging.system")).isEqualTo("pubsub");
            assertThat(attribute(attempt, "messaging.operation.type")).isEqualTo("process");
            assertThat(attribute(attempt, "messaging.destination.subscription.name"))
                    .isEqualTo("flaky");
            assertThat(attribute(attempt, "messaging.message.id"))
                    .isEqualTo(attribute(publish, "messaging.message.id"));
        });
    }

    @Test
    void linesThatAHandlerLogsBearTheTraceOfTheirAttempt() {
        application.post("/publish/flaky", "{}");

        List<SpanData> attempts = ofKind(awaitSpans(5), SpanKind.CONSUMER);
        assertThat(log.list)
                .extracting(event -> event.getMDCPropertyMap().get("traceId"))
                .hasSize(3)
                .containsOnly(attempts.get(0).getTraceId());
        assertThat(log.list)
                .extracting(event -> event.getMDCPropertyMap().get("spanId"))
                .containsExactlyElementsOf(
                        attempts.stream().map(SpanData::getSpanId).toList());
    }

    @Test
    void whatTheRequestHeldIsThereForEachAttemptAndGoneForTheNextMessage() throws Exception {
        application.post("/publish/flaky", "{}");
        awaitSpans(5);
        Starter.deliver(pubSub(), Message.of("looking", "x"));

        assertThat(handlers().seen)
                .containsExactly(
                        "flaky ann is-IS req-7 request",
                        "flaky ann is-IS req-7 request",
                        "flaky ann is-IS req-7 request",
                        "looking nobody other null none");
    }

    @Test
    void theTraceGoesThroughAHandlerThatPublishes() {
        application.post("/publish/first", "{}");

        List<SpanData> trace = awaitSpans(5);
        assertThat(trace)
                .extracting(SpanData::getTraceId)
                .containsOnly(trace.get(0).getTraceId());
        SpanData first = only(named(trace, "process first"));
        SpanData inner = only(named(trace, "publish second"));
        SpanData second = only(named(trace, "process second"));
        assertThat(inner.getParentSpanId()).isEqualTo(first.getSpanId());
        assertThat(second.getParentSpanId()).isEqualTo(inner.getSpanId());
        assertThat(attribute(second, "messaging.message.id")).isNotEqualTo(attribute(first, "messaging.message.id"));
    }

    @Test
    void aReplayBelongsToWhoReplaysItAndIsLinkedToItsOrigin() {
        application.post("/publish/refused", "{}");
        SpanData origin = only(ofKind(awaitSpans(3), SpanKind.PRODUCER));
        String letter = awaitDeadLetter();
        SPANS.reset();
        handlers().refusing.set(false);

        assertThat(application
                        .post("/actuator/pubsubdeadletters/" + letter, "{}")
                        .status())
                .isEqualTo(204);

        List<SpanData> trace = awaitSpans(2);
        SpanData operator = only(ofKind(trace, SpanKind.SERVER));
        SpanData replay = only(ofKind(trace, SpanKind.CONSUMER));
        assertThat(replay.getParentSpanId()).isEqualTo(operator.getSpanId());
        assertThat(replay.getTraceId()).isEqualTo(operator.getTraceId()).isNotEqualTo(origin.getTraceId());
        assertThat(replay.getLinks()).singleElement().satisfies(link -> {
            assertThat(link.getSpanContext().getTraceId()).isEqualTo(origin.getTraceId());
            assertThat(link.getSpanContext().getSpanId()).isEqualTo(origin.getSpanId());
        });
        assertThat(replay.getName()).isEqualTo("process refused");
        assertThat(attribute(replay, "messaging.pubsub.dead_letter.id")).isEqualTo(letter);
    }

    @Test
    void aReplayFromOutsideOfAnyTraceBeginsOneAndIsLinked() {
        pubSub().publish("refused", "x");
        SpanData origin = only(ofKind(awaitSpans(2), SpanKind.PRODUCER));
        String letter = awaitDeadLetter();
        SPANS.reset();
        handlers().refusing.set(false);

        pubSub().deadLetters().replay(letter);

        SpanData replay = only(awaitSpans(1));
        assertThat(replay.getParentSpanContext().isValid()).isFalse();
        assertThat(replay.getLinks())
                .extracting(link -> link.getSpanContext().getSpanId())
                .containsExactly(origin.getSpanId());
    }

    @Test
    void anAttemptThatExceedsItsDeadlineEndsWithTheTimeoutAndTheNextTraceIsItsOwn() {
        pubSub().publish("slow", "x");

        List<SpanData> trace = awaitSpans(2);
        SpanData attempt = only(ofKind(trace, SpanKind.CONSUMER));
        assertThat(attempt.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(attribute(attempt, "error.type")).isEqualTo(HandlerTimeoutException.class.getName());
        handlers().release();

        SPANS.reset();
        pubSub().publish("looking", "x");
        List<SpanData> next = awaitSpans(2);
        assertThat(next)
                .extracting(SpanData::getTraceId)
                .containsOnly(next.get(0).getTraceId())
                .doesNotContain(attempt.getTraceId());
    }

    @Test
    void aSpanThatAHandlerLeavesCurrentIsNoParentOfWhatComesNext() throws Exception {
        Starter.deliver(pubSub(), Message.of("leaving", "1"));
        Starter.deliver(pubSub(), Message.of("leaving", "2"));
        Starter.deliver(pubSub(), Message.of("leaving", "3"));

        awaitSpans(6);
        assertThat(handlers().left).hasSize(3).containsOnly("clean");
    }

    @Test
    void noMetersAreMadeOfWhatIsTracedBesideTheEnginesOwn() {
        application.post("/publish/flaky", "{}");
        awaitSpans(5);

        List<String> meters = application.bean(MeterRegistry.class).getMeters().stream()
                .map(meter -> meter.getId().getName())
                .toList();
        assertThat(meters)
                .contains("pubsub.subscription.process", "http.server.requests")
                .noneMatch(name -> name.startsWith("pubsub.message"));
    }

    private static List<SpanData> awaitSpans(int count) {
        Starter.soon().until(() -> SPANS.getFinishedSpanItems().size() >= count);
        return SPANS.getFinishedSpanItems().stream()
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
                .toList();
    }

    /** A trace may be complete before its dead letter is kept. */
    private static String awaitDeadLetter() {
        DeadLetterQuery refused =
                DeadLetterQuery.builder().subscription("refused").build();
        Starter.soon().until(() -> pubSub().deadLetters().count(refused) == 1);
        return pubSub().deadLetters().find(refused).get(0).id();
    }

    private static List<SpanData> ofKind(List<SpanData> spans, SpanKind kind) {
        return spans.stream().filter(span -> span.getKind() == kind).toList();
    }

    private static List<SpanData> named(List<SpanData> spans, String name) {
        return spans.stream().filter(span -> span.getName().equals(name)).toList();
    }

    private static String attribute(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Requests.class, Handlers.class})
    static class Application {

        @Bean
        SpanProcessor spanProcessor() {
            return SimpleSpanProcessor.create(SPANS);
        }

        @Bean
        RequestAttributesThreadLocalAccessor requestAttributesAccessor() {
            return new RequestAttributesThreadLocalAccessor();
        }
    }

    @RestController
    static class Requests {

        private final Publisher publisher;

        Requests(Publisher publisher) {
            this.publisher = publisher;
        }

        @PostMapping("/publish/{topic}")
        void publish(@PathVariable("topic") String topic) {
            SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ann", "secret"));
            LocaleContextHolder.setLocale(Locale.forLanguageTag("is-IS"));
            MDC.put("request", "req-7");
            try {
                publisher.publish(topic, "x");
            } finally {
                SecurityContextHolder.clearContext();
                MDC.remove("request");
            }
        }
    }

    static class Handlers {

        final List<String> seen = new CopyOnWriteArrayList<>();
        final List<String> left = new CopyOnWriteArrayList<>();
        final Map<String, CountDownLatch> latches = new ConcurrentHashMap<>();
        final AtomicBoolean refusing = new AtomicBoolean();

        private final Publisher publisher;
        private final Tracer tracer;

        Handlers(Publisher publisher, Tracer tracer) {
            this.publisher = publisher;
            this.tracer = tracer;
        }

        void reset() {
            seen.clear();
            left.clear();
            refusing.set(true);
            latches.put("slow", new CountDownLatch(1));
        }

        void release() {
            latches.get("slow").countDown();
        }

        private void look(String who) {
            var authentication = SecurityContextHolder.getContext().getAuthentication();
            seen.add(String.join(
                    " ",
                    who,
                    authentication == null ? "nobody" : authentication.getName(),
                    LocaleContextHolder.getLocale().toLanguageTag().equals("is-IS") ? "is-IS" : "other",
                    MDC.get("request"),
                    RequestContextHolder.getRequestAttributes() == null ? "none" : "request"));
        }

        @Subscribe(id = "flaky", topics = "flaky")
        void flaky(String payload, Delivery delivery) {
            LoggerFactory.getLogger(LOGGER).info("attempt {}", delivery.attempt());
            look("flaky");
            if (delivery.attempt() < 3) {
                throw new IllegalStateException("fails");
            }
        }

        @Subscribe(id = "looking", topics = "looking")
        void looking(String payload) {
            look("looking");
        }

        @Subscribe(id = "first", topics = "first")
        void first(String payload) {
            publisher.publish("second", payload);
        }

        @Subscribe(id = "second", topics = "second")
        void second(String payload) {
            look("second");
        }

        @Subscribe(id = "refused", topics = "refused")
        void refused(String payload) {
            if (refusing.get()) {
                throw new RejectMessageException("no");
            }
        }

        @Subscribe(id = "slow", topics = "slow")
        void slow(String payload) {
            CountDownLatch latch = latches.get("slow");
            while (latch.getCount() > 0) {
                try {
                    latch.await();
                } catch (InterruptedException stubborn) {
                    // runs on after its deadline
                }
            }
        }

        @Subscribe(id = "leaving", topics = "leaving")
        void leaving(String payload, Message<?> message) {
            String mine = message.headers().get("traceparent").substring(3, 35);
            String current = tracer.currentSpan().context().traceId();
            left.add(current.equals(mine) && MDC.get("traceId").equals(mine) ? "clean" : "dirty");
            tracer.withSpan(tracer.spanBuilder().setNoParent().name("left").start());
        }
    }
}
