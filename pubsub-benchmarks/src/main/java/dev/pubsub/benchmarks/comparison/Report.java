package dev.pubsub.benchmarks.comparison;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Tables of what was measured. */
final class Report {

    static final String BEGIN = "<!-- comparison: begin, written by the comparison -->";
    static final String END = "<!-- comparison: end -->";

    private final List<Ratio> ratios;
    private final Results results;

    Report(List<Ratio> ratios, Results results) {
        this.ratios = ratios;
        this.results = results;
    }

    /** The ratios, what they come from, and where it was measured. */
    String markdown() {
        StringBuilder out = new StringBuilder();
        int rounds =
                results.rounds().values().stream().mapToInt(List::size).max().orElse(0);
        out.append(Machine.describe()).append(' ').append(rounds).append(" rounds.\n\n");
        out.append("| ratio, ours / peer | median | spread | must | aim | |\n|---|---|---|---|---|---|\n");
        ratios.stream().filter(results::has).forEach(ratio -> out.append(row(ratio)));
        out.append("\nThe figures they come from, medians over the rounds:\n\n");
        out.append("| case | ns/op | ops/s | bytes/op | others |\n|---|---|---|---|---|\n");
        results.rounds().keySet().forEach(measured -> out.append(row(measured)));
        return out.toString();
    }

    private String row(Ratio ratio) {
        List<Double> values = results.ratios(ratio);
        double median = Results.median(values);
        String sign = ratio.sense() == Ratio.Sense.MORE_IS_BETTER ? "≥ " : "≤ ";
        String against = ratio.peers().size() > 1
                ? " (the faster: " + results.best(ratio.peers()).of().name() + ")"
                : "";
        return "| " + ratio.question() + against + " | **" + number(median) + "** | " + number(Collections.min(values))
                + " to " + number(Collections.max(values)) + " | " + sign + number(ratio.must()) + " | " + sign
                + number(ratio.aim()) + " | " + verdict(ratio, median) + " |\n";
    }

    private static String verdict(Ratio ratio, double median) {
        if (ratio.reaches(median, ratio.aim())) {
            return "aim met";
        }
        return ratio.reaches(median, ratio.must()) ? "must met" : "MISSED";
    }

    private String row(Case measured) {
        if (measured.name().equals(Case.WAKE_UP)) {
            return "| " + measured.name() + " | | | | " + percentiles(measured) + " |\n";
        }
        double nanos = Results.median(results.values(Figure.nanos(measured)));
        double bytes = Results.median(results.values(Figure.bytes(measured)));
        return "| " + measured.name() + " | " + number(nanos) + " | " + String.format(Locale.ROOT, "%,.0f", 1e9 / nanos)
                + " | " + number(bytes) + " | |\n";
    }

    private String percentiles(Case measured) {
        StringBuilder out = new StringBuilder();
        for (String name : List.of("oursP50", "queueP50", "oursP99", "queueP99")) {
            double value = Results.median(results.values(new Figure(measured, name, 1)));
            out.append(name).append(' ').append(number(value)).append(" ns; ");
        }
        return out.toString().strip();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 20 ? "%.2f" : value < 200 ? "%.1f" : "%,.0f", value);
    }

    /** The table between the markers of a page that has them; otherwise the table alone. */
    static String into(String page, String table) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            return table;
        }
        return page.substring(0, begin + BEGIN.length()) + "\n\n" + table + "\n" + page.substring(end);
    }

    /** Every figure of every round. */
    static String csv(Results results) {
        StringBuilder out = new StringBuilder("case,round,figure,value\n");
        results.rounds().forEach((measured, rounds) -> {
            for (int round = 0; round < rounds.size(); round++) {
                for (Map.Entry<String, Double> figure : new TreeMap<>(rounds.get(round)).entrySet()) {
                    out.append(measured.name()).append(',').append(round + 1).append(',');
                    out.append(figure.getKey())
                            .append(',')
                            .append(figure.getValue())
                            .append('\n');
                }
            }
        });
        return out.toString();
    }
}
