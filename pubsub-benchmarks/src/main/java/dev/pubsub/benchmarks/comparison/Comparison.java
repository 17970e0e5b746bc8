package dev.pubsub.benchmarks.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Ours and the peers in one run: in each round every case is measured once, in a JVM of its own, so that a change of
 * the machine in the course of the run meets all of them. Each round begins with another case.
 */
public final class Comparison {

    private final Options options;
    private final Results results = new Results();

    private Comparison(Options options) {
        this.options = options;
    }

    /** See {@link Options#USAGE}. */
    public static void main(String[] arguments) throws RunnerException, IOException {
        Comparison comparison = new Comparison(Options.parse(List.of(arguments)));
        comparison.measure();
        comparison.report();
    }

    private void measure() throws RunnerException {
        Fork fork = new Fork(options);
        List<Case> cases = options.cases();
        for (int round = 0; round < options.rounds(); round++) {
            List<Case> order = new ArrayList<>(cases);
            Collections.rotate(order, -round * cases.size() / options.rounds());
            for (Case next : order) {
                var figures = fork.measure(next);
                results.add(next, figures);
                System.err.printf("round %d of %d, %s: %s%n", round + 1, options.rounds(), next.name(), figures);
            }
        }
    }

    private void report() throws IOException {
        String table = new Report(options.ratios(), results).markdown();
        System.out.println(table);
        if (options.table().isPresent()) {
            Path file = options.table().get();
            Files.writeString(file, Report.into(Files.exists(file) ? Files.readString(file) : "", table));
        }
        if (options.raw().isPresent()) {
            Files.writeString(options.raw().get(), Report.csv(results));
        }
    }
}
