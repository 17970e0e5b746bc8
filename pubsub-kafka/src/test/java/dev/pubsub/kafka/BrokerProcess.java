package dev.pubsub.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real broker in a process of its own, with an address and a directory that stay: it can be killed, and started where
 * it was. Used by one thread.
 */
public final class BrokerProcess implements AutoCloseable {

    private static final int NODE = 1;
    private static final int START_SECONDS = 60;

    private final Path directory;
    private final Path properties;
    private final String address;
    private final String tlsAddress;
    private @Nullable Process process;

    /** A broker that does not run yet. */
    public BrokerProcess() throws IOException {
        this(Map.of());
    }

    /** A broker with a TLS listener, too, whose key store and the like these settings name. */
    BrokerProcess(Map<String, String> tls) throws IOException {
        directory = Files.createTempDirectory("pubsub-broker");
        properties = directory.resolve("server.properties");
        Path data = directory.resolve("data");
        int[] ports = freePorts();
        address = "localhost:" + ports[0];
        tlsAddress = "localhost:" + ports[2];
        try (var out = Files.newBufferedWriter(properties)) {
            settings(ports, data, tls).store(out, null);
        }
        format(data);
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    private static int[] freePorts() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, here);
                ServerSocket second = new ServerSocket(0, 1, here);
                ServerSocket third = new ServerSocket(0, 1, here)) {
            return new int[] {first.getLocalPort(), second.getLocalPort(), third.getLocalPort()};
        }
    }

    private static Properties settings(int[] ports, Path data, Map<String, String> tls) {
        String listeners = "PLAINTEXT://localhost:" + ports[0] + ",CONTROLLER://localhost:" + ports[1];
        Properties settings = new Properties();
        settings.putAll(tls);
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("controller.quorum.voters", NODE + "@localhost:" + ports[1]),
                Map.entry("listeners", listeners + (tls.isEmpty() ? "" : ",SSL://localhost:" + ports[2])),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL"),
                Map.entry("log.dirs", data.toString()),
                Map.entry("num.partitions", "4"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("group.initial.rebalance.delay.ms", "0")));
        return settings;
    }

    private static void format(Path data) {
        try {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName("CONTROLLER")
                    .run();
        } catch (Exception failed) {
            throw new IllegalStateException("The broker's directory could not be prepared", failed);
        }
    }

    /** Host and port, the same after each start. */
    public String address() {
        return address;
    }

    /** The same of its TLS listener. */
    String tlsAddress() {
        return tlsAddress;
    }

    /** Starts it; returns once it answers. */
    public void start() throws Exception {
        process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerMain.class.getName(),
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .start();
        long end = System.nanoTime() + SECONDS.toNanos(START_SECONDS);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            while (!answers(admin)) {
                if (System.nanoTime() > end || !process.isAlive()) {
                    throw new IllegalStateException(
                            "The broker did not start: " + Files.readString(directory.resolve("out.txt")));
                }
            }
        }
    }

    private static boolean answers(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster().nodes().get(1, SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        }
    }

    /** Ends it at once, as {@code kill -9} does; what it has acknowledged is with the operating system. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** Kills it, and deletes its data. */
    @Override
    public void close() throws IOException {
        kill();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) throws IOException {
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
