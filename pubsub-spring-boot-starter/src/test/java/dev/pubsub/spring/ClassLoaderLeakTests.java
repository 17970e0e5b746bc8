package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A restart, as devtools does it, leaves neither a class loader nor a thread behind. In a JVM of its own, which forgets
 * what is softly reachable at each collection: Spring's own caches hold classes so.
 */
class ClassLoaderLeakTests {

    @Test
    @Timeout(180)
    void twentyRestartsLeaveNothing() throws Exception { // FAULTS 24
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        "-cp",
                        classPath(),
                        Restarts.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("restarts: 20", "loaders left: 0", "threads left: []");
        assertThat(process.exitValue()).isZero();
    }

    /**
     * Without the Prometheus registry: where that is on the class path, the latest of the loaders stays; one, not
     * twenty.
     */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("micrometer-registry-prometheus"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
