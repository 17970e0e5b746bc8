package dev.pubsub.sample.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.sample.quake.Quake;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    private final Statistics statistics = new Statistics();

    @Test
    void shouldCountByNetworkAndTypeAndKnowTheStrongest() {
        statistics.count(quake("us", null));
        statistics.count(quake("us", 6.4));
        statistics.count(quake("ak", 4.4));

        Statistics.Figures figures = statistics.figures();
        assertThat(figures.events()).isEqualTo(3);
        assertThat(figures.byNet()).containsEntry("us", 2L).containsEntry("ak", 1L);
        assertThat(figures.byType()).containsEntry("earthquake", 3L);
        assertThat(figures.strongest()).isEqualTo(quake("us", 6.4));
    }

    @Test
    void shouldNotGrowWithTheNumberOfNetworks() {
        for (int i = 0; i < 1_000; i++) {
            statistics.count(quake("net" + i, 1.0));
        }

        Statistics.Figures figures = statistics.figures();
        assertThat(figures.byNet()).hasSize(101).containsEntry("(others)", 900L);
    }

    private static Quake quake(String net, @Nullable Double magnitude) {
        return new Quake(
                "id", net, "earthquake", magnitude, null, Instant.EPOCH, Instant.EPOCH, false, null, null, null);
    }
}
