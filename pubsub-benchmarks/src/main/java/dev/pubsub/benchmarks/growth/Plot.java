package dev.pubsub.benchmarks.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A line plot as SVG, its x axis logarithmic; in colours that can be read on light and on dark ground. */
final class Plot {

    private static final List<String> COLOURS = List.of("#3b82d0", "#d9822b", "#3f9d5c", "#b5529c", "#8a8f98");
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 80;
    private static final int TOP = 40;
    private static final int RIGHT = 700;
    private static final int BOTTOM = 300;
    private static final int LEGEND = 18;

    private final Question question;
    private final Points points;
    private final List<String> series;
    private final double lowX;
    private final double highX;
    private final double lowY;
    private final double highY;
    private final StringBuilder out = new StringBuilder();

    private Plot(Question question, Points points) {
        this.question = question;
        this.points = points;
        this.series = points.columns().stream()
                .filter(column -> column.startsWith(question.plotted()))
                .toList();
        double[] xs = points.rows().stream().mapToDouble(Double::parseDouble).toArray();
        double[] ys = points.rows().stream()
                .flatMap(row -> series.stream().map(column -> points.at(row, column)))
                .filter(value -> value != null && value > 0)
                .mapToDouble(value -> value == null ? 0 : value)
                .toArray();
        this.lowX = min(xs);
        this.highX = max(xs);
        this.lowY = question.isLogarithmic() ? Math.pow(10, Math.floor(Math.log10(min(ys)))) : 0;
        this.highY = question.isLogarithmic() ? Math.pow(10, Math.ceil(Math.log10(max(ys)))) : roundUp(max(ys));
    }

    static String of(Question question, Points points) {
        return new Plot(question, points).draw();
    }

    private String draw() {
        int height = HEIGHT + LEGEND * Math.max(0, series.size() - 2);
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\""
                        + " font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH, height, WIDTH);
        append("<title>%s</title>", question.title());
        append("<style>text{fill:#57606a}@media (prefers-color-scheme:dark){text{fill:#b1bac4}}</style>");
        append(
                "<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s by %s</text>",
                LEFT, question.plotted(), question.row());
        axes();
        for (int i = 0; i < series.size(); i++) {
            line(series.get(i), COLOURS.get(i % COLOURS.size()), BOTTOM + 50 + LEGEND * i);
        }
        return out.append("</svg>\n").toString();
    }

    private void axes() {
        for (double x : ticks(lowX, highX, true)) {
            append("<path d=\"M%.1f %d V%d\" stroke=\"#8a8f98\" stroke-opacity=\".3\"/>", atX(x), TOP, BOTTOM);
            append(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    atX(x), BOTTOM + 20, Section.number(x));
        }
        for (double y : ticks(lowY, highY, question.isLogarithmic())) {
            append("<path d=\"M%d %.1f H%d\" stroke=\"#8a8f98\" stroke-opacity=\".3\"/>", LEFT, atY(y), RIGHT);
            append("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, atY(y) + 4, Section.number(y));
        }
    }

    private void line(String column, String colour, int legend) {
        StringBuilder path = new StringBuilder();
        for (String row : points.rows()) {
            Double value = points.at(row, column);
            if (value != null) {
                double x = atX(Double.parseDouble(row));
                double y = atY(Math.max(value, lowY));
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f ", path.isEmpty() ? "M" : "L", x, y));
                append("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour);
            }
        }
        append(
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                path.toString().strip(), colour);
        append("<path d=\"M%d %d h20\" stroke=\"%s\" stroke-width=\"3\"/>", LEFT, legend - 4, colour);
        append("<text x=\"%d\" y=\"%d\">%s</text>", LEFT + 28, legend, column);
    }

    private static List<Double> ticks(double low, double high, boolean logarithmic) {
        List<Double> ticks = new ArrayList<>();
        if (!logarithmic) {
            for (int i = 0; i <= 4; i++) {
                ticks.add(low + (high - low) * i / 4);
            }
            return ticks;
        }
        double factor = high / low > 100 ? 10 : 2;
        for (double tick = low; tick <= high * 1.001; tick *= factor) {
            ticks.add(tick);
        }
        return ticks;
    }

    private double atX(double x) {
        return LEFT + (RIGHT - LEFT) * (Math.log(x) - Math.log(lowX)) / (Math.log(highX) - Math.log(lowX));
    }

    private double atY(double y) {
        double share = question.isLogarithmic()
                ? (Math.log(y) - Math.log(lowY)) / (Math.log(highY) - Math.log(lowY))
                : (y - lowY) / (highY - lowY);
        return BOTTOM - (BOTTOM - TOP) * share;
    }

    private static double roundUp(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(value)));
        return Math.ceil(value / unit * 2) / 2 * unit;
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(1);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(10);
    }

    private void append(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
