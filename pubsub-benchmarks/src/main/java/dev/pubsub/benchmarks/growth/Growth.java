package dev.pubsub.benchmarks.growth;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Measures how the engine grows. Arguments: {@code short}; {@code only=topics,keys}; {@code later=JAVA}, a JVM with
 * virtual threads; {@code page=docs/performance.md}, between whose markers the tables go, and beside which, in a
 * directory of its name, the plots.
 */
public final class Growth {

    /** Touched beforehand: where a machine gives memory only when it is touched, that took 380 ns of each message. */
    private static final List<String> JVM = List.of("-Xmx4g", "-Xms4g", "-XX:+AlwaysPreTouch");

    private final boolean brief;
    private final @Nullable String later;
    private final List<Question> questions;

    private Growth(Map<String, String> options) {
        this.brief = options.containsKey("short");
        this.later = options.get("later");
        String only = options.get("only");
        List<String> names = only == null ? List.of() : List.of(only.split(","));
        this.questions = Arrays.stream(Question.values())
                .filter(question -> names.isEmpty() || names.contains(question.file()))
                .toList();
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts.length > 1 ? parts[1] : ""));
        Map<Question, Points> answers = new Growth(options).ask();
        String machine = "Measured " + LocalDate.now(ZoneOffset.UTC) + " on "
                + Runtime.getRuntime().availableProcessors() + " cores, JDK " + Runtime.version() + ", "
                + String.join(" ", JVM) + (options.containsKey("short") ? ", in brief" : "") + ".";
        String page = options.get("page");
        if (page == null) {
            answers.forEach((question, points) -> System.out.println(Section.table(question, points)));
            return;
        }
        Section.write(Path.of(page), machine, answers);
    }

    private Map<Question, Points> ask() throws IOException, InterruptedException {
        Map<Question, Points> answers = new EnumMap<>(Question.class);
        for (Question question : questions) {
            List<Points> rounds = new ArrayList<>();
            for (int round = 0; round < (brief ? 1 : question.rounds()); round++) {
                Points points = new Points();
                for (String part : question.parts()) {
                    fork(question, part, points);
                }
                rounds.add(points);
            }
            answers.put(question, Points.medians(rounds));
        }
        return answers;
    }

    private void fork(Question question, String part, Points points) throws IOException, InterruptedException {
        boolean needsLater = part.startsWith(Question.LATER);
        if (needsLater && later == null) {
            System.err.println(question.file() + " " + part + ": left out; name a JVM by later=");
            return;
        }
        String java = needsLater && later != null
                ? later
                : Path.of(System.getProperty("java.home"), "bin", "java").toString();
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(java);
        builder.command().addAll(JVM);
        builder.command()
                .addAll(List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneMeasurement.class.getName(),
                        question.name(),
                        part,
                        Boolean.toString(brief)));
        Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader output = child.inputReader()) {
            output.lines().forEach(points::read);
        }
        if (child.waitFor() != 0) {
            throw new IllegalStateException(question + " " + part + " failed");
        }
        System.err.printf(Locale.ROOT, "%s %s: %.0f s%n", question.file(), part, (System.nanoTime() - start) / 1e9);
    }
}
