package dev.pubsub.sample.alerts;

import dev.pubsub.RejectMessageException;
import dev.pubsub.sample.gateway.SmsGatewayServer;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * Calls the gateway. Has no timeout for the answer: the subscription's own deadline interrupts the call, and the JDK's
 * client then cancels it.
 */
@Component
class SmsClient {

    private final SmsGatewayServer gateway;
    private final RestClient http;

    /** With Spring Boot's builder, so that each call is measured, and belongs to the trace of its attempt. */
    SmsClient(SmsGatewayServer gateway, RestClient.Builder builder) {
        this.gateway = gateway;
        this.http = builder.requestFactory(new JdkClientHttpRequestFactory(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(1))
                        .build()))
                .build();
    }

    /**
     * Sends a text; the same one twice is sent once, if it bears the same key.
     *
     * @throws RejectMessageException if the gateway will never take it
     * @throws org.springframework.web.client.RestClientException if it may take it another time
     */
    void send(String idempotencyKey, String text) {
        try {
            http.post()
                    .uri(gateway.uri())
                    .header("Idempotency-Key", idempotencyKey)
                    .contentType(MediaType.TEXT_PLAIN)
                    .body(text)
                    .retrieve()
                    .toBodilessEntity();
        } catch (HttpClientErrorException e) {
            throw new RejectMessageException(
                    "The SMS gateway refused the text with " + e.getStatusCode().value(), e);
        }
    }
}
