package dev.pubsub.benchmarks.comparison;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the forks said: for each case, one set of figures a round. */
final class Results {

    private final Map<Case, List<Map<String, Double>>> rounds = new LinkedHashMap<>();

    void add(Case of, Map<String, Double> figures) {
        rounds.computeIfAbsent(of, unused -> new ArrayList<>()).add(Map.copyOf(figures));
    }

    Map<Case, List<Map<String, Double>>> rounds() {
        return rounds;
    }

    boolean has(Ratio ratio) {
        return ratio.cases().allMatch(rounds::containsKey);
    }

    /** One value a round. */
    List<Double> values(Figure figure) {
        return rounds.getOrDefault(figure.of(), List.of()).stream()
                .map(figures -> figures.getOrDefault(figure.name(), Double.NaN) / figure.divisor())
                .toList();
    }

    /** Which of the peers counts: the one with the best median. */
    Figure best(List<Figure> peers) {
        return peers.stream()
                .min(Comparator.comparingDouble(peer -> median(values(peer))))
                .orElseThrow();
    }

    /** One ratio a round, each of figures of the same round. */
    List<Double> ratios(Ratio ratio) {
        List<Double> ours = values(ratio.ours());
        List<Double> peer =
                ratio.peers().isEmpty() ? ours.stream().map(unused -> 1.0).toList() : values(best(ratio.peers()));
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(ours.size(), peer.size()); i++) {
            ratios.add(ratio.of(ours.get(i), peer.get(i)));
        }
        return ratios;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
