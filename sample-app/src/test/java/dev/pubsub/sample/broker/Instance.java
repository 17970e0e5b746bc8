package dev.pubsub.sample.broker;

import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.QuakeWatchApplication;
import dev.pubsub.sample.RunningApp;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The application in a process of its own, as a user starts it. */
final class Instance implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path log;
    private final Process process;
    private final RunningApp app;

    private Instance(Path log, Process process) {
        this.log = log;
        this.process = process;
        this.app = new RunningApp(Integer.parseInt(awaitInLog(PORT)));
    }

    /** Starts one with the profile kafka and any free port; returns once it takes requests. */
    static Instance start(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                QuakeWatchApplication.class.getName(),
                "--spring.profiles.active=kafka",
                "--server.port=0"));
        command.addAll(arguments);
        return new Instance(
                log,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start());
    }

    /** Without the tests' own classes, which are in the packages that the application looks through. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    RunningApp app() {
        return app;
    }

    /** The first group of the first match, which the log must have or get. */
    String awaitInLog(Pattern pattern) {
        return await().atMost(PATIENCE).until(() -> find(pattern), found -> !found.isEmpty());
    }

    private String find(Pattern pattern) throws IOException {
        String text = Files.readString(log);
        Matcher matcher = pattern.matcher(text);
        if (matcher.find()) {
            return matcher.group(1);
        }
        if (!process.isAlive()) {
            throw new AssertionError("The application ended:\n" + text);
        }
        return "";
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
