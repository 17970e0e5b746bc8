package dev.pubsub.sample.feed;

import static dev.pubsub.sample.Features.quake;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownEventsTest {

    private final KnownEvents known = new KnownEvents(2);

    @Test
    void shouldTakeALaterVersionOfAnEventForNewsAndAnEarlierOneNot() {
        known.remember(quake("a", 1, 10));

        assertThat(known.isNews(quake("a", 1, 11))).isTrue();
        assertThat(known.isNews(quake("a", 1, 10))).isFalse();
        assertThat(known.isNews(quake("a", 1, 9))).isFalse();
    }

    @Test
    void shouldForgetWhatTheFeedHasNotShownForLongest() {
        known.remember(quake("a", 1, 1));
        known.remember(quake("b", 1, 1));
        known.isNews(quake("a", 1, 1));
        known.remember(quake("c", 1, 1));

        assertThat(known.size()).isEqualTo(2);
        assertThat(known.isNews(quake("a", 1, 1))).isFalse();
        assertThat(known.isNews(quake("b", 1, 1))).isTrue();
    }
}
