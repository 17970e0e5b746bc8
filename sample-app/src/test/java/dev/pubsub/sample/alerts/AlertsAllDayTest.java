package dev.pubsub.sample.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.verify;

import dev.pubsub.Publisher;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

/** A schedule of retries over a day, which takes milliseconds here. */
@PubSubTest(
        value = AlertSubscriber.class,
        properties = {
            "pubsub.subscriptions.alerts.retry.max-attempts=25",
            "pubsub.subscriptions.alerts.retry.wait-duration=1h",
            "pubsub.subscriptions.alerts.retry.max-wait-duration=1h",
            "pubsub.subscriptions.alerts.retry.backoff-multiplier=1",
            "pubsub.subscriptions.alerts.retry.jitter=0",
            "pubsub.subscriptions.alerts.circuit-breaker.enabled=false"
        })
class AlertsAllDayTest {

    private static final Quake STRONG = Features.quake("us1", Features.TIME, Features.TIME);

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @MockitoBean
    private SmsClient sms;

    @Test
    @Timeout(5)
    void aGatewayThatIsDownForADayGetsTheTextInTheEnd() {
        probe.faults().on("alerts").times(24).fail();

        publisher.publish("quakes.us.earthquake", STRONG);
        Duration passed = probe.advanceUntilQuiet(Duration.ofDays(2));

        assertThat(passed).isEqualTo(Duration.ofHours(24));
        assertThat(probe.onlyReceived("alerts")).isCompleted().hasAttempts(25);
        verify(sms).send("us1", "Earthquake: " + STRONG.headline());
    }
}
