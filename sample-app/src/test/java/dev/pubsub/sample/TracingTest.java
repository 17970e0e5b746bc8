package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.gateway.GatewayMode;
import dev.pubsub.sample.gateway.SmsGatewayServer;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.AutoConfigurePubSubTest;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** Where a report leads, as the tracer tells it that the application has by one starter. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.enabled=false", "pubsub.subscriptions.alerts.retry.jitter=0"})
@AutoConfigurePubSubTest
@ExtendWith(OutputCaptureExtension.class)
class TracingTest {

    /** Not a bean: Spring Boot would export to it a second time, seconds later. */
    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    @LocalServerPort
    private int port;

    @Autowired
    private SmsGatewayServer gateway;

    @Autowired
    private PubSubProbe probe;

    private RunningApp app;

    @BeforeEach
    void begin() {
        app = new RunningApp(port);
        SPANS.reset();
    }

    @AfterEach
    void mend() {
        gateway.mode(GatewayMode.UP);
    }

    @Test
    void aReportIsOneTraceFromTheRequestThroughFailedAttemptsToTheTextThatIsSent() {
        gateway.mode(GatewayMode.DOWN);
        app.report(Features.earthquake("traced-1", 5.1));
        probe.clock().advance(Duration.ofMillis(300)); // the second attempt is due after 200 ms, the third after 600
        gateway.mode(GatewayMode.UP);
        probe.advanceUntilQuiet(Duration.ofMinutes(1));
        assertThat(probe.onlyReceived("alerts")).isCompleted().hasAttempts(3);

        await().untilAsserted(() -> assertThat(trace()).isEqualTo("""
                http post /api/quakes
                  publish other: quakes.us.earthquake
                    process alerts: failure
                      http post: 503
                    process alerts: failure
                      http post: 503
                    process alerts: success
                      http post: 202
                    process catalog: success
                    process statistics: success
                """));
    }

    @Test
    void linesThatHandlersLogBearTheIdsOfTheirAttempt(CapturedOutput output) {
        app.report(Features.earthquake("traced-2", 3).replace("\"tsunami\":0", "\"tsunami\":1"));
        probe.awaitQuiet();

        await().untilAsserted(() -> assertThat(trace()).contains("""
                    process tsunami: success
                      publish other: warnings.tsunami
                        process broadcast: success
                """));
        SpanData broadcast = spans().stream()
                .filter(span -> span.getName().equals("process broadcast"))
                .findFirst()
                .orElseThrow();
        assertThat(output.getAll().lines().filter(line -> line.contains("WARNING to all")))
                .singleElement()
                .asString()
                .contains("[" + broadcast.getTraceId() + "-" + broadcast.getSpanId() + "]");
    }

    /** All spans there are, as a tree. */
    private static String trace() {
        StringBuilder tree = new StringBuilder();
        append(tree, "", SpanId.getInvalid());
        return tree.toString();
    }

    private static void append(StringBuilder tree, String indent, String parent) {
        spans().stream()
                .filter(span -> span.getParentSpanId().equals(parent))
                .sorted(Comparator.comparing(SpanData::getName).thenComparing(SpanData::getStartEpochNanos))
                .forEach(span -> {
                    tree.append(indent)
                            .append(span.getName())
                            .append(detail(span))
                            .append('\n');
                    append(tree, indent + "  ", span.getSpanId());
                });
    }

    /** The topic, the answer or the result. */
    private static String detail(SpanData span) {
        return switch (span.getKind()) {
            case PRODUCER -> ": " + attribute(span, "messaging.destination.name");
            case CLIENT -> ": " + attribute(span, "status");
            case CONSUMER -> ": " + attribute(span, "messaging.pubsub.result");
            default -> "";
        };
    }

    private static String attribute(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static List<SpanData> spans() {
        return SPANS.getFinishedSpanItems();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class InMemory {

        @Bean
        SpanProcessor spansInMemory() {
            return SimpleSpanProcessor.create(SPANS);
        }
    }
}
