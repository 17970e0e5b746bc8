package dev.pubsub.sample.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Publisher;
import dev.pubsub.QueueFullException;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.PublishedMessage;
import dev.pubsub.test.autoconfigure.PubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What the watch publishes, and what it does where nobody takes it. */
@PubSubTest(TsunamiWatch.class)
class TsunamiWatchTest {

    private static final Quake QUAKE = Features.quake("us1", Features.TIME, Features.TIME);
    private static final Quake FLAGGED =
            new Quake("us1", "us", "earthquake", 7.9, "Kodiak", QUAKE.time(), QUAKE.updated(), true, null, null, null);

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @Test
    void aFlaggedEventIsFollowedByAWarning() {
        publisher.publish("quakes.us.earthquake", FLAGGED);
        publisher.publish("quakes.us.earthquake", QUAKE);
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("tsunami")).isCompleted();
        assertThat(probe.onlyPublished("warnings.tsunami"))
                .hasPayload(new Warning("us1", "Tsunami possible: M 7.9 earthquake, Kodiak", QUAKE.time()));
    }

    @Test
    void aWarningThatIsRefusedIsPublishedAgain() {
        probe.publishing().to("warnings.*").times(1).refuseQueueFull("broadcast");

        publisher.publish("quakes.us.earthquake", FLAGGED);
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        assertThat(probe.onlyReceived("tsunami")).isCompleted().hasAttempts(2).hasException(QueueFullException.class);
        assertThat(probe.published("warnings.*"))
                .extracting(PublishedMessage::accepted)
                .containsExactly(false, true);
    }
}
