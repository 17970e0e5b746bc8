package dev.pubsub.benchmarks.growth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What was found, as a section of a page and plots beside it. */
final class Section {

    private static final String END = "<!-- growth: end -->";

    private Section() {}

    /** Writes each answer between its own markers, so that one question can be asked again alone. */
    static void write(Path page, String machine, Map<Question, Points> answers) throws IOException {
        String text = Files.readString(page);
        String name = page.getFileName().toString().replace(".md", "");
        Path plots = page.resolveSibling(name);
        Files.createDirectories(plots);
        for (Map.Entry<Question, Points> answer : answers.entrySet()) {
            Question question = answer.getKey();
            Points points = answer.getValue();
            String body = machine + "\n\n" + table(question, points);
            if (!question.plotted().isEmpty()) {
                Files.writeString(plots.resolve(question.file() + ".svg"), Plot.of(question, points));
                body += "\n![" + question.title() + "](" + name + "/" + question.file() + ".svg)\n";
            }
            text = into(text, question, body);
        }
        Files.writeString(page, text);
    }

    private static String into(String page, Question question, String body) {
        String begin = "<!-- growth: " + question.file() + " -->";
        int from = page.indexOf(begin);
        if (from < 0) {
            throw new IllegalStateException("The page has no " + begin);
        }
        return page.substring(0, from + begin.length()) + "\n\n" + body + "\n"
                + page.substring(page.indexOf(END, from));
    }

    static String table(Question question, Points points) {
        StringBuilder out = new StringBuilder("| " + question.row() + " |");
        points.columns().forEach(column -> out.append(' ').append(column).append(" |"));
        out.append("\n|---|").append("---|".repeat(points.columns().size())).append('\n');
        for (String row : points.rows()) {
            out.append("| ").append(isNumber(row) ? String.format(Locale.ROOT, "%,d", Long.valueOf(row)) : row);
            out.append(" |");
            for (String column : points.columns()) {
                Double value = points.at(row, column);
                out.append(value == null ? " |" : " " + number(value) + " |");
            }
            out.append('\n');
        }
        return out.toString();
    }

    static boolean isNumber(String row) {
        return !row.isEmpty() && row.chars().allMatch(Character::isDigit);
    }

    static String number(double value) {
        if (value == Math.rint(value) || Math.abs(value) >= 200) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 20 ? "%.2f" : "%.1f", value);
    }
}
