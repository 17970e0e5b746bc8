package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Restarts.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("restarts: 20", "loaders left: 0", "threads left: []");
        assertThat(process.exitValue()).isZero();
    }
}
