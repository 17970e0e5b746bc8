package dev.pubsub.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the application, seen from the driver; used by one thread. It ends with the driver. */
final class Instance {

    private static final long START_SECONDS = 60;

    private final String name;
    private final Path history;
    private final Path out;
    private final Process process;

    /** Begins to start. {@code first} is put ahead of the class path: where a mutant is. */
    Instance(String name, Path directory, String first, long seed, String broker, List<String> more)
            throws IOException {
        this.name = name;
        history = directory.resolve(name + ".history");
        out = directory.resolve(name + ".txt");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                first + System.getProperty("java.class.path"),
                HarnessApplication.class.getName(),
                name,
                history.toString(),
                Long.toString(seed),
                "--spring.main.web-application-type=none",
                "--spring.main.banner-mode=off",
                "--logging.level.org.apache.kafka=error",
                "--pubsub.transport=kafka",
                "--pubsub.publisher.timeout=10s",
                "--pubsub.kafka.revocation-timeout=2s",
                "--pubsub.subscriber.retry.max-attempts=" + HarnessApplication.ATTEMPTS,
                "--pubsub.subscriber.retry.wait-duration=200ms",
                "--pubsub.subscriber.circuit-breaker.enabled=false",
                "--spring.kafka.bootstrap-servers=" + broker,
                "--spring.kafka.consumer.properties.[session.timeout.ms]=3000",
                "--spring.kafka.consumer.properties.[heartbeat.interval.ms]=500"));
        command.addAll(more);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    String name() {
        return name;
    }

    void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(out).contains("READY")) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IllegalStateException(name + " did not start: " + Files.readString(out));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    List<Event> history() throws IOException {
        return Files.exists(history) ? History.read(history) : List.of();
    }

    /** How many handlers and publishes are under way. */
    int inFlight() throws IOException {
        Map<String, Integer> open = new HashMap<>();
        for (Event event : history()) {
            switch (event.kind()) {
                case BEGIN, OFFERED -> open.merge(event.message(), 1, Integer::sum);
                case RETURNED, THREW, OK, UNKNOWN -> open.merge(event.message(), -1, Integer::sum);
                default -> {}
            }
        }
        return open.values().stream().mapToInt(count -> Math.max(0, count)).sum();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** STOP or CONT. */
    void signal(String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + signal + " of " + name + " ended with " + code);
        }
    }

    void quiet() throws IOException {
        tell("quiet");
    }

    /** Ends in good order: stops publishing, leaves the group. */
    void leave() throws IOException, InterruptedException {
        tell("leave");
        if (!process.waitFor(40, TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " does not end: " + Files.readString(out));
        }
    }

    private void tell(String command) throws IOException {
        OutputStream stream = process.getOutputStream();
        stream.write((command + "\n").getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }
}
