package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With every optional library really gone: a filtered class loader still leaves them to Spring's own classes. */
class BareClasspathTests {

    private static final List<String> OPTIONAL = List.of(
            "actuator",
            "spring-boot-health",
            "spring-boot-micrometer",
            "micrometer-jakarta",
            "micrometer-registry",
            "prometheus",
            "micrometer-tracing",
            "context-propagation",
            "opentelemetry",
            "jackson",
            "spring-tx",
            "spring-jdbc",
            "spring-web",
            "tomcat",
            "servlet",
            "spring-security",
            "reactive-streams",
            "reactor",
            "HikariCP",
            "h2",
            "spring-boot-jdbc",
            "spring-boot-transaction",
            "spring-boot-sql",
            "spring-boot-persistence",
            "spring-boot-http",
            "spring-boot-web",
            "spring-boot-tomcat",
            "spring-boot-test",
            "spring-test",
            "mockito",
            "archunit",
            "jsonschema",
            "json-schema");

    @Test
    @Timeout(60)
    void whatTheStarterRequiresIsEnough() throws Exception {
        String full = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String bare = Arrays.stream(full.split(File.pathSeparator))
                .filter(entry -> OPTIONAL.stream().noneMatch(new File(entry).getName()::contains))
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        bare,
                        BareApplication.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        assertThat(output)
                .contains(
                        "object: {handlers.on=COMPLETED}",
                        "json: {handlers.on=DEAD_LETTERED}",
                        "scalar: {handlers.number=COMPLETED}");
        assertThat(bare).doesNotContain("jackson-databind", "reactive-streams", "spring-boot-actuator");
    }
}
