package dev.pubsub.benchmarks.growth;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows and columns of what was measured; a child's go to the parent as lines of its output. Not safe for threads. */
final class Points {

    private static final String MARK = "point|";

    private final Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
    private final Set<String> columns = new LinkedHashSet<>();

    void add(long row, String column, double value) {
        add(Long.toString(row), column, value);
    }

    void add(String row, String column, double value) {
        columns.add(column);
        rows.computeIfAbsent(row, key -> new LinkedHashMap<>()).put(column, value);
    }

    /** What several rounds have found: of each point the median. */
    static Points medians(List<Points> rounds) {
        Points medians = new Points();
        Points first = rounds.get(0);
        for (String row : first.rows()) {
            for (String column : first.columns) {
                double[] values = rounds.stream()
                        .map(points -> points.at(row, column))
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                if (values.length > 0) {
                    medians.add(row, column, median(values));
                }
            }
        }
        return medians;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Writes them all, for {@link #read}. */
    void print() {
        rows.forEach((row, values) ->
                values.forEach((column, value) -> System.out.println(MARK + row + "|" + column + "|" + value)));
    }

    /** Takes in a line of a child's output; lines of others are passed over. */
    void read(String line) {
        if (line.startsWith(MARK)) {
            String[] parts = line.split("\\|", -1);
            add(parts[1], parts[2], Double.parseDouble(parts[3]));
        }
    }

    Set<String> columns() {
        return columns;
    }

    Set<String> rows() {
        return rows.keySet();
    }

    @Nullable
    Double at(String row, String column) {
        return rows.getOrDefault(row, Map.of()).get(column);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }
}
