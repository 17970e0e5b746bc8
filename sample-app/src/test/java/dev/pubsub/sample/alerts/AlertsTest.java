package dev.pubsub.sample.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.PubSub;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.test.FaultRule;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.web.client.ResourceAccessException;

/** The alerts alone, with the settings of application.yml, and with a gateway that is a mock. */
@PubSubTest(AlertSubscriber.class)
class AlertsTest {

    private static final Quake STRONG = Features.quake("us1", Features.TIME, Features.TIME);

    @Autowired
    private PubSub pubSub;

    @Autowired
    private PubSubProbe probe;

    @MockitoBean
    private SmsClient sms;

    @Test
    void aTextThatFailsTwiceIsSentAtTheThirdAttempt() {
        probe.faults().on("alerts").times(2).fail(() -> new ResourceAccessException("gateway down"));

        pubSub.publish("quakes.us.earthquake", STRONG);
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        assertThat(probe.onlyReceived("alerts"))
                .isCompleted()
                .hasAttempts(3)
                .hasException(ResourceAccessException.class);
        verify(sms).send("us1", "Earthquake: " + STRONG.headline());
    }

    @Test
    void aGatewayThatIsDownPausesTheAlertsAndLosesNone() {
        FaultRule down = probe.faults().on("alerts").fail(() -> new ResourceAccessException("gateway down"));
        for (int i = 0; i < 30; i++) {
            pubSub.publish("quakes.us.earthquake", STRONG);
        }
        probe.clock().advance(Duration.ofSeconds(1));
        assertThat(pubSub.snapshot().subscriptions()).singleElement().satisfies(alerts -> assertThat(alerts.pausedBy())
                .isEqualTo("circuit-breaker"));

        down.remove();
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        assertThat(probe.received("alerts")).hasSize(30).allSatisfy(copy -> assertThat(copy)
                .isCompleted());
    }

    @Test
    void anAlertThatHangsIsADeadLetterWithoutASecondAttempt() {
        probe.faults().on("alerts").timeOut();

        pubSub.publish("quakes.us.earthquake", STRONG);
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("alerts")).isDeadLettered(Reason.TIMEOUT).hasAttempts(1);
        verify(sms, never()).send("us1", "Earthquake: " + STRONG.headline());
    }

    @Test
    void aWeakEarthquakeIsFilteredOut() {
        Quake weak = new Quake(
                "us2", "us", "earthquake", 4.4, null, STRONG.time(), STRONG.updated(), false, null, null, null);

        pubSub.publish("quakes.us.earthquake", weak);
        probe.awaitQuiet();

        assertThat(probe.onlyPublished("quakes.**").filtered()).containsExactly("alerts");
        assertThat(probe.received("alerts")).isEmpty();
    }
}
