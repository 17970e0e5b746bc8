package dev.pubsub.sample.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.pubsub.RejectMessageException;
import dev.pubsub.sample.gateway.GatewayMode;
import dev.pubsub.sample.gateway.GatewayProperties;
import dev.pubsub.sample.gateway.SmsGatewayServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

@Timeout(20)
class SmsClientTest {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private SmsGatewayServer gateway;
    private SmsClient client;

    @BeforeEach
    void start() {
        context.registerBean(
                GatewayProperties.class,
                () -> new GatewayProperties(0, Duration.ofMillis(100), Duration.ofSeconds(15)));
        context.registerBean(RestClient.Builder.class, () -> RestClient.builder());
        context.register(SmsGatewayServer.class, SmsClient.class);
        context.refresh();
        gateway = context.getBean(SmsGatewayServer.class);
        client = context.getBean(SmsClient.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void shouldSendAText() {
        client.send("a", "Earthquake");

        assertThat(gateway.status().sent()).isEqualTo(1);
    }

    @Test
    void shouldFailWhereTheGatewayMayTakeTheTextAnotherTime() {
        gateway.mode(GatewayMode.DOWN);

        assertThatExceptionOfType(HttpServerErrorException.class).isThrownBy(() -> client.send("a", "Earthquake"));
    }

    @Test
    void shouldRejectWhatTheGatewayWillNeverTake() {
        assertThatExceptionOfType(RejectMessageException.class)
                .isThrownBy(() -> client.send("a", "x".repeat(10_000)))
                .withMessageContaining("400");
    }

    @Test
    void shouldEndAtOnceWhenInterruptedWhileTheGatewayHangs() throws InterruptedException {
        gateway.mode(GatewayMode.HANG);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                client.send("a", "Earthquake");
            } catch (RestClientException e) {
                failure.set(e);
            }
        });

        caller.start();
        await().until(() -> gateway.status().holding() == 1);
        caller.interrupt();
        caller.join();

        assertThat(failure.get()).isInstanceOf(RestClientException.class);
        assertThat(gateway.status().holding()).as("the gateway still hangs").isEqualTo(1);
    }
}
