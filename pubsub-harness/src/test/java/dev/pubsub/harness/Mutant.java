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
    NONE(null, null, "", "", ""),
    /** Offsets are committed as soon as messages are received. */
    ACKNOWLEDGE_BEFORE_HANDLING(
            Verdict.Kind.LOST,
            null,
            "AssignedPartition",
            "        if (!offered.isEmpty()) {\n            offset = offered.element().offset();\n",
            "        if (false) {\n            offset = -1;\n"),
    /** What has finished beyond a gap does not wait for the gap. */
    COMMIT_THE_HIGHEST(
            Verdict.Kind.EARLY,
            null,
            "AssignedPartition",
            "            offset = offered.element().offset();\n        } else",
            "            offset = offered.element().offset();\n            for (KafkaDelivery one : offered) {\n"
                    + "                if (one.isDone()) { offset = Math.max(offset, one.offset() + 1); }\n"
                    + "            }\n        } else"),
    /** Keys are handled in no order. */
    NO_ORDER(Verdict.Kind.REORDERED, null, "", "", "", "--pubsub.subscriptions.work.ordering=none"),
    /** A partition is given up while handlers are at its messages. */
    REVOKE_WITHOUT_WAITING(
            Verdict.Kind.OVERLAP,
            Fault.Kind.LEAVE_AND_JOIN,
            "PollLoop",
            "leaving.stream().anyMatch(AssignedPartition::isUnderWay)",
            "leaving.isEmpty()"),
    /** What was handled is committed though the partition is another's. */
    SETTLE_AFTER_REVOCATION(
            Verdict.Kind.LATE,
            Fault.Kind.STOP_APP,
            "PollLoop",
            "        leaving.forEach(AssignedPartition::lose);\n        withdraw(leaving);",
            "        commitNow(leaving);\n        withdraw(leaving);");

    private final Verdict.@Nullable Kind seenAs;
    private final Fault.@Nullable Kind needs;
    private final String name;
    private final String from;
    private final String to;
    private final List<String> arguments;

    Mutant(
            Verdict.@Nullable Kind seenAs,
            Fault.@Nullable Kind needs,
            String name,
            String from,
            String to,
            String... arguments) {
        this.seenAs = seenAs;
        this.needs = needs;
        this.name = name;
        this.from = from;
        this.to = to;
        this.arguments = List.of(arguments);
    }

    Verdict.@Nullable Kind seenAs() {
        return seenAs;
    }

    /** Without which it does not show. */
    Fault.@Nullable Kind needs() {
        return needs;
    }

    List<String> arguments() {
        return arguments;
    }

    /** What is to be put ahead of the class path, with its separator; compiled once for a directory. */
    String classes(Path directory) throws IOException {
        if (name.isEmpty()) {
            return "";
        }
        Path classes = directory.resolve("mutant-classes");
        if (!Files.exists(classes)) {
            compile(directory, Files.createDirectories(classes));
        }
        return classes + File.pathSeparator;
    }

    private void compile(Path directory, Path classes) throws IOException {
        String source = Files.readString(
                Path.of(System.getProperty("harness.kafka.sources"), "dev", "pubsub", "kafka", name + ".java"));
        if (!source.contains(from)) {
            throw new IllegalStateException("The mutant does not fit " + name + " any more");
        }
        Path copy = directory.resolve(name + ".java");
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
