package dev.pubsub.sample.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.PubSub;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.gateway.GatewayMode;
import dev.pubsub.sample.gateway.SmsGatewayServer;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.quake.QuakePublisher;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.AutoConfigurePubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The whole application, with its gateway over HTTP; only the engine's time is the test's. */
@SpringBootTest(properties = "quakewatch.feed.enabled=false")
@AutoConfigurePubSubTest
class HangingGatewayTest {

    private static final Quake STRONG = Features.quake("us1", Features.TIME, Features.TIME);

    @Autowired
    private QuakePublisher publisher;

    @Autowired
    private PubSub pubSub;

    @Autowired
    private SmsGatewayServer gateway;

    @Autowired
    private PubSubProbe probe;

    @AfterEach
    void mend() {
        gateway.mode(GatewayMode.UP);
    }

    @Test
    @Timeout(20)
    void aCallThatHangsEndsAtItsDeadlineAndCanBeReplayed() {
        gateway.mode(GatewayMode.HANG);

        publisher.publish(STRONG);
        probe.awaitHanging("alerts");
        probe.clock().advance(Duration.ofSeconds(2));
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("alerts"))
                .isDeadLettered(Reason.TIMEOUT)
                .hasException(HandlerTimeoutException.class);
        assertThat(probe.onlyReceived("catalog")).isCompleted();

        gateway.mode(GatewayMode.UP);
        pubSub.deadLetters().find(DeadLetterQuery.all()).forEach(letter -> pubSub.deadLetters()
                .replay(letter.id()));
        probe.awaitQuiet();

        assertThat(probe.received("alerts").get(1)).isCompleted();
        assertThat(gateway.status().sent()).isEqualTo(1);
    }
}
