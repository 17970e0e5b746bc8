package dev.pubsub.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** A fault seeded into a copy of a class of pubsub-kafka, or into the settings, that the checker must see. */
enum Mutant {
    NONE(null, null, null, List.of()),
    /** Offsets are committed as soon as messages are received. */
    ACKNOWLEDGE_BEFORE_HANDLING(
            Verdict.Kind.LOST,
            "        if (!offered.isEmpty()) {\n            offset = offered.element().offset();\n",
            "        if (false) {\n            offset = -1;\n",
            List.of()),
    /** What has finished beyond a gap does not wait for the gap. */
    COMMIT_THE_HIGHEST(
            Verdict.Kind.LOST,
            "            offset = offered.element().offset();\n        } else",
            "            offset = offered.element().offset();\n            for (KafkaDelivery one : offered) {\n"
                    + "                if (one.isDone()) { offset = Math.max(offset, one.offset() + 1); }\n"
                    + "            }\n        } else",
            List.of()),
    /** Keys are handled in no order. */
    NO_ORDER(Verdict.Kind.REORDERED, null, null, List.of("--pubsub.subscriptions.work.ordering=none"));

    private static final String CLASS = "dev/pubsub/kafka/AssignedPartition.java";

    private final Verdict.@Nullable Kind seenAs;
    private final @Nullable String from;
    private final @Nullable String to;
    private final List<String> arguments;

    Mutant(Verdict.@Nullable Kind seenAs, @Nullable String from, @Nullable String to, List<String> arguments) {
        this.seenAs = seenAs;
        this.from = from;
        this.to = to;
        this.arguments = arguments;
    }

    Verdict.@Nullable Kind seenAs() {
        return seenAs;
    }

    List<String> arguments() {
        return arguments;
    }

    /** What is to be put ahead of the class path, with its separator; compiled once for a directory. */
    String classes(Path directory) throws IOException {
        if (from == null || to == null) {
            return "";
        }
        Path classes = directory.resolve("mutant-classes");
        if (!Files.exists(classes)) {
            compile(directory, Files.createDirectories(classes), from, to);
        }
        return classes + File.pathSeparator;
    }

    private static void compile(Path directory, Path classes, String from, String to) throws IOException {
        String source = Files.readString(Path.of(System.getProperty("harness.kafka.sources"), CLASS));
        if (!source.contains(from)) {
            throw new IllegalStateException("The mutant does not fit " + CLASS + " any more");
        }
        Path copy = directory.resolve("AssignedPartition.java");
        Files.writeString(copy, source.replace(from, to));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-nowarn",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        copy.toString());
        if (code != 0) {
            throw new IllegalStateException("The mutant does not compile");
        }
    }
}
