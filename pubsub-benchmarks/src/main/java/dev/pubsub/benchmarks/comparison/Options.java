package dev.pubsub.benchmarks.comparison;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a comparison shall do.
 *
 * @param brief only the cases that a ratio needs, fewer rounds, and shorter ones
 * @param rounds how often every case is measured, each time in a JVM of its own
 * @param only which ratios, by a part of their question
 * @param table a file for the table
 * @param raw a file for the figures of all rounds, as CSV
 * @param jvm the java to measure
 */
record Options(
        boolean brief,
        int rounds,
        Predicate<String> only,
        Optional<Path> table,
        Optional<Path> raw,
        Optional<String> jvm) {

    static final String USAGE = """
            Arguments, all optional:
              short           only what the ratios need, 3 rounds, less time for each
              rounds=5        how often each case is measured, every time in a new JVM
              only=regex      only ratios in whose question it is found, and what they need
              table=FILE      writes the table to a file; into docs/performance.md between its markers
              raw=FILE        writes the figures of every round to a file, as CSV
              jvm=JAVA        measures this java instead of the one that runs this
            """;

    static Options parse(List<String> arguments) {
        boolean brief = false;
        Optional<Integer> rounds = Optional.empty();
        Predicate<String> only = question -> true;
        Optional<Path> table = Optional.empty();
        Optional<Path> raw = Optional.empty();
        Optional<String> jvm = Optional.empty();
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.replaceFirst("=.*", "=")) {
                case "short" -> brief = true;
                case "rounds=" -> rounds = Optional.of(Integer.parseInt(value));
                case "only=" ->
                    only = Pattern.compile(value, Pattern.CASE_INSENSITIVE).asPredicate();
                case "table=" -> table = Optional.of(Path.of(value));
                case "raw=" -> raw = Optional.of(Path.of(value));
                case "jvm=" -> jvm = Optional.of(value);
                default -> throw new IllegalArgumentException("Unknown argument " + argument + "\n" + USAGE);
            }
        }
        return new Options(brief, rounds.orElse(brief ? 3 : 5), only, table, raw, jvm);
    }

    List<Ratio> ratios() {
        return Ratio.all().stream().filter(ratio -> only.test(ratio.question())).toList();
    }

    /** What there is to measure: everything, or what the chosen ratios need. */
    List<Case> cases() {
        List<Ratio> ratios = ratios();
        Set<Case> cases = new LinkedHashSet<>();
        ratios.forEach(ratio -> ratio.cases().forEach(cases::add));
        if (!brief && ratios.size() == Ratio.all().size()) {
            cases.addAll(Case.all());
        }
        return new ArrayList<>(cases);
    }
}
