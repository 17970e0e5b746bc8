package dev.pubsub.sample.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import dev.pubsub.sample.gateway.GatewayMode;
import dev.pubsub.sample.gateway.SmsGatewayServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.test.context.ActiveProfiles;

/** A trace goes with the record, and comes from records of other programs. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.enabled=false", "pubsub.subscriptions.alerts.retry.max-attempts=20"})
@ActiveProfiles("kafka")
class KafkaTracingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Not a bean: Spring Boot would export to it a second time, seconds later. */
    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    @LocalServerPort
    private int port;

    @Autowired
    private SmsGatewayServer gateway;

    @Autowired
    private EmbeddedKafkaBroker broker;

    @BeforeEach
    void begin() {
        SPANS.reset();
    }

    @AfterEach
    void mend() {
        gateway.mode(GatewayMode.UP);
    }

    @Test
    void aReportIsOneTraceThroughTheBrokerAndFailedAttemptsToTheTextThatIsSent() {
        gateway.mode(GatewayMode.DOWN);
        new RunningApp(port).report(Features.earthquake("traced-1", 5.1));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(results("process alerts")).hasSizeGreaterThanOrEqualTo(2));
        gateway.mode(GatewayMode.UP);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(results("process alerts")).contains("success"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(named("http post /api/quakes")).hasSize(1));
        SpanData published = named("publish other").get(0);
        assertThat(published.getTraceId())
                .isEqualTo(named("http post /api/quakes").get(0).getTraceId());
        assertThat(named("process alerts")).allSatisfy(attempt -> {
            assertThat(attempt.getTraceId()).isEqualTo(published.getTraceId());
            assertThat(attempt.getParentSpanId()).isEqualTo(published.getSpanId());
        });
        List<String> results = results("process alerts");
        assertThat(results.subList(0, results.size() - 1))
                .containsOnly("failure")
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aRecordOfAnotherProgramThatBearsATraceContinuesIt() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        String span = "b7ad6b7169203331";
        try (KafkaProducer<String, String> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.getBrokersAsString()),
                new StringSerializer(),
                new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>("warnings.other", """
                    {"quakeId":"x","headline":"Not ours","time":"2018-02-06T15:50:43Z"}""");
            record.headers().add("traceparent", ("00-" + trace + "-" + span + "-01").getBytes(UTF_8));
            other.send(record).get(20, TimeUnit.SECONDS);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(named("process broadcast")).hasSize(1));
        SpanData processed = named("process broadcast").get(0);
        assertThat(processed.getTraceId()).isEqualTo(trace);
        assertThat(processed.getParentSpanId()).isEqualTo(span);
    }

    private static List<SpanData> named(String name) {
        return SPANS.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static List<String> results(String name) {
        return named(name).stream()
                .map(span -> span.getAttributes().get(AttributeKey.stringKey("messaging.pubsub.result")))
                .toList();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class InMemory {

        @Bean
        SpanProcessor spansInMemory() {
            return SimpleSpanProcessor.create(SPANS);
        }
    }
}
