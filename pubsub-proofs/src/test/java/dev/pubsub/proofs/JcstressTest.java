package dev.pubsub.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Main;

/**
 * Runs all jcstress tests of this module ({@code *Proof}) in JVMs of their own, and fails with the report of those that
 * saw a FORBIDDEN outcome.
 */
class JcstressTest {

    private static final boolean LONG = "long".equals(System.getProperty("proofs.form"));

    /**
     * One of each class: each costs two JVMs, and most of what the others prove is also Lincheck's, or that of a test
     * in pubsub-core.
     */
    private static final String FEW = "WorkerAgainstShutdown$|NextAttempt|ReserveAgainstClose|WorkerThatRests"
            + "|KeyLaneProof.PublisherAndWorker|TakePastAndWait|Crosswise|PublishAgainstClose|TwoCauses"
            + "|FailureAgainstSuccesses|EvictedWhile|OneWhoTakes|OneMovesIt|TwoWhoCount";

    @Test
    void noForbiddenOutcomeIsSeen() throws Exception {
        Path directory = Path.of(System.getProperty("proofs.directory", "target/jcstress"));
        Files.createDirectories(directory);
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        command.addAll(
                List.of("-r", directory.toString(), "-t", System.getProperty("proofs.jcstress", LONG ? ".*" : FEW)));
        command.addAll(LONG ? longForm() : shortForm());
        int exit = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(output.toString()))
                .start()
                .waitFor();
        String report = Files.readString(output);
        assertThat(exit).as(report).isZero();
        assertThat(report)
                .as("a run without tests, or with some that could not be run, is no proof")
                .containsPattern("[1-9][0-9]* passed, 0 failed, 0 soft errs, 0 hard errs\\)\\s+RUN RESULTS");
    }

    /** One JVM mode, and a twentieth of a second for each test: what is broken thoroughly shows at once. */
    private static List<String> shortForm() {
        return List.of(
                "-f",
                "1",
                "-fsm",
                "1",
                "-iters",
                "1",
                "-time",
                "50",
                "-sc",
                "false",
                "-af",
                "NONE",
                "-strideSize",
                "32",
                "-strideCount",
                "8",
                "-jvmArgs",
                "-Xmx256m -XX:+UseSerialGC");
    }

    /** All modes of all compilers, each alone and split between the actors. */
    private static List<String> longForm() {
        return List.of("-m", "quick", "-strideSize", "64", "-strideCount", "16");
    }
}
