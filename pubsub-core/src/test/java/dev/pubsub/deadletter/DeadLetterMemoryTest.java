package dev.pubsub.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a JVM of its own, which says BALANCED or not. */
class DeadLetterMemoryTest {

    /** A quarter of a million in some 6 s; the whole million with {@code -Dpubsub.test.scale=4}. */
    private static final int FAILURES = 250_000 * Integer.getInteger("pubsub.test.scale", 1);

    @TempDir
    Path directory;

    @Test
    // FAULTS 21
    void anyNumberOfFailuresFitsInto64MegabytesWithTheOldestEvictedAndNoLetterOfALetter() throws Exception {
        Path output = directory.resolve("output");
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MillionFailures.class.getName(),
                        Integer.toString(FAILURES)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(300, TimeUnit.SECONDS)).as("ends").isTrue();
        } finally {
            child.destroyForcibly();
        }

        assertThat(output)
                .content()
                .contains("accepted=" + FAILURES + " deadLettered=" + FAILURES + " kept=10000 ledger=BALANCED");
        assertThat(child.exitValue()).isZero();
    }
}
