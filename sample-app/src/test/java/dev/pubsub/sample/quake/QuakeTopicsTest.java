package dev.pubsub.sample.quake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuakeTopicsTest {

    @ParameterizedTest
    @CsvSource({
        "us, earthquake, quakes.us.earthquake",
        "nn, quarry blast, quakes.nn.quarry-blast",
        "CI, Other Event, quakes.ci.other-event",
        "a.b, mine/collapse!, quakes.a-b.mine-collapse",
    })
    void shouldNameATopicByNetworkAndTypeInKebabCase(String net, String type, String topic) {
        Quake quake = new Quake("id", net, type, null, null, Instant.EPOCH, Instant.EPOCH, false, null, null, null);

        assertThat(QuakeTopics.topicOf(quake)).isEqualTo(topic);
    }
}
