package dev.pubsub.benchmarks.comparison;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures one case once, in a JVM of its own. */
final class Fork {

    /**
     * One heap for all, so that no peer pays for its growth; and touched beforehand, since the first touch of a page is
     * the kernel's work, on a virtual machine up to 60 % of what a publisher does in its first seconds.
     */
    static final List<String> JVM_ARGUMENTS =
            List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-Dlogging.level.root=warn");

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final Options options;

    Fork(Options options) {
        this.options = options;
    }

    /** The figures by their names; for a figure of several iterations, their median. */
    Map<String, Double> measure(Case of) throws RunnerException {
        Collection<RunResult> results = new Runner(jmh(of)).run();
        if (results.size() != 1) {
            throw new IllegalStateException("Expected one result of " + of.name() + ", got " + results.size());
        }
        RunResult result = results.iterator().next();
        Map<String, List<Double>> values = new HashMap<>();
        for (IterationResult iteration :
                result.getBenchmarkResults().iterator().next().getIterationResults()) {
            add(values, Figure.NANOS, iteration.getPrimaryResult());
            iteration.getSecondaryResults().forEach((name, value) -> add(values, name, value));
        }
        Map<String, Double> figures = new HashMap<>();
        values.forEach((name, all) -> figures.put(name, Results.median(all)));
        return figures;
    }

    private static void add(Map<String, List<Double>> values, String name, Result<?> result) {
        String known = name.endsWith(ALLOCATED) ? Figure.BYTES : name;
        values.computeIfAbsent(known, unused -> new ArrayList<>()).add(result.getScore());
    }

    private org.openjdk.jmh.runner.options.Options jmh(Case of) {
        boolean wakeUp = of.name().equals(Case.WAKE_UP);
        int several = options.brief() ? 3 : 5;
        int iterations =
                wakeUp ? 1 : several; // all of a fork's wake-ups are one sample: its slowest hundredth needs many
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("^" + Pattern.quote(of.benchmark()) + "$")
                .forks(1)
                .jvmArgs(JVM_ARGUMENTS.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .shouldDoGC(true)
                // long enough: where both cores are busy with the work, the compiler takes 5 s and more to be done with
                // it
                .warmupIterations(wakeUp ? 0 : 6)
                .warmupTime(TimeValue.milliseconds(1000))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(options.brief() ? 500 : 1000));
        of.parameters().forEach((name, value) -> builder.param(name, value));
        options.jvm().ifPresent(builder::jvm);
        return builder.build();
    }
}
