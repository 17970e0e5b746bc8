package dev.pubsub.benchmarks.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.pubsub.benchmarks.peers.PeerKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Case OURS = Case.delivered(PeerKind.OURS, 1);
    private static final Case SLOWER = Case.delivered(PeerKind.BY_HAND_ASYNC, 1);
    private static final Case FASTER = Case.delivered(PeerKind.BY_HAND, 1);

    private final Results results = new Results();

    @Test
    void shouldCompareRoundByRoundWithTheFasterOfThePeers() {
        Ratio ratio = byHand();
        round(100, 900, 600);
        round(100, 1000, 800);
        round(200, 500, 800);

        assertThat(results.best(ratio.peers()).of()).isEqualTo(FASTER);
        assertThat(results.ratios(ratio)).containsExactly(6.0, 8.0, 4.0);
        assertThat(new Report(List.of(ratio), results).markdown())
                .contains("| **6.00** | 4.00 to 8.00 | ≥ 6.00 | ≥ 10.00 | must met |");
    }

    @Test
    void shouldSayWhatWasMissedAndWhatReachedTheAim() {
        Ratio bytes = ratio("bytes a message");
        results.add(OURS, Map.of(Figure.NANOS, 100.0, Figure.BYTES, 145.0));
        assertThat(new Report(List.of(bytes), results).markdown()).contains("| MISSED |");

        results.add(OURS, Map.of(Figure.NANOS, 100.0, Figure.BYTES, 50.0));
        assertThat(Results.median(results.ratios(bytes))).isEqualTo(97.5, within(0.001));
        assertThat(new Report(List.of(bytes), results).markdown()).contains("| aim met |");
    }

    @Test
    void shouldLeaveOutRatiosWhosePeersWereNotMeasured() {
        results.add(OURS, Map.of(Figure.NANOS, 100.0, Figure.BYTES, 145.0));

        assertThat(new Report(List.of(byHand()), results).markdown()).doesNotContain("by hand");
    }

    @Test
    void shouldWriteTheTableBetweenTheMarkersOfAPage() {
        String page = "# Title\n" + Report.BEGIN + "\nold\n" + Report.END + "\nend\n";

        assertThat(Report.into(page, "new\n"))
                .isEqualTo("# Title\n" + Report.BEGIN + "\n\nnew\n\n" + Report.END + "\nend\n");
        assertThat(Report.into("a page without markers", "new\n")).isEqualTo("new\n");
    }

    @Test
    void shouldMeasureOnlyWhatTheChosenRatiosNeed() {
        Options options = Options.parse(List.of("short", "rounds=2", "only=spring @async, 1"));

        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.cases()).containsExactly(OURS, Case.delivered(PeerKind.SPRING_ASYNC, 1));
        assertThat(Options.parse(List.of()).cases()).containsExactlyInAnyOrderElementsOf(Case.all());
    }

    @Test
    void shouldRefuseAnArgumentThatItDoesNotKnow() {
        assertThatThrownBy(() -> Options.parse(List.of("round=2"))).hasMessageContaining("round=2");
    }

    private void round(double ours, double slower, double faster) {
        results.add(OURS, Map.of(Figure.NANOS, ours, Figure.BYTES, 1.0));
        results.add(SLOWER, Map.of(Figure.NANOS, slower, Figure.BYTES, 1.0));
        results.add(FASTER, Map.of(Figure.NANOS, faster, Figure.BYTES, 1.0));
    }

    private static Ratio byHand() {
        return new Ratio(
                "by hand, two forms",
                Ratio.Sense.MORE_IS_BETTER,
                Figure.nanos(OURS),
                List.of(Figure.nanos(SLOWER), Figure.nanos(FASTER)),
                6,
                10);
    }

    private static Ratio ratio(String part) {
        return Ratio.all().stream()
                .filter(ratio -> ratio.question().contains(part))
                .findFirst()
                .orElseThrow();
    }
}
