package dev.pubsub.benchmarks.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ours on Kafka beside Spring for Apache Kafka, on one broker, interleaved, each time in a new JVM. Arguments:
 * {@code rounds=3}; {@code page=docs/kafka.md}, between whose markers the table goes.
 */
public final class KafkaComparison {

    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");
    private static final String BEGIN = "<!-- kafka: begin -->";
    private static final String END = "<!-- kafka: end -->";

    private record Ratio(String question, KafkaCase ours, KafkaCase peer, double must) {}

    private static final List<Ratio> RATIOS = List.of(
            new Ratio(
                    "consume 1 KB records / @KafkaListener, no-op handlers",
                    KafkaCase.CONSUME_OURS,
                    KafkaCase.CONSUME_SPRING,
                    0.9),
            new Ratio(
                    "handler of 5 ms, 4 partitions, 10,000 keys: concurrency 64 / @KafkaListener, concurrency 4",
                    KafkaCase.SLOW_OURS,
                    KafkaCase.SLOW_SPRING,
                    10),
            new Ratio("publish pipelined / KafkaTemplate", KafkaCase.PUBLISH_OURS, KafkaCase.PUBLISH_SPRING, 0.9));

    private final Map<KafkaCase, List<Double>> rates = new EnumMap<>(KafkaCase.class);

    private KafkaComparison() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts.length > 1 ? parts[1] : ""));
        int rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
        KafkaComparison comparison = new KafkaComparison();
        comparison.measure(rounds);
        String table = comparison.table(rounds);
        System.out.println(table);
        String page = options.get("page");
        if (page != null) {
            write(Path.of(page), table);
        }
    }

    private void measure(int rounds) throws Exception {
        Process broker = java(BrokerMain.class).start();
        BufferedReader output = broker.inputReader(); // not closed here: that would wait for who drains it
        try {
            String address = await(output, BrokerMain.MARK);
            drain(output);
            for (KafkaCase each : KafkaCase.values()) {
                Records.fill(address, topic(each), each.title().startsWith("publish") ? 0 : each.records());
            }
            for (int round = 0; round < rounds; round++) {
                for (KafkaCase each : KafkaCase.values()) {
                    double rate = fork(each, address);
                    System.err.printf(Locale.ROOT, "round %d, %s: %,.0f a second%n", round + 1, each.title(), rate);
                    rates.computeIfAbsent(each, key -> new ArrayList<>()).add(rate);
                }
            }
        } finally {
            broker.getOutputStream().close();
            broker.destroy();
        }
    }

    /** A process whose output nobody reads stands still once the pipe is full. */
    private static void drain(BufferedReader output) {
        Thread thread = new Thread(() -> output.lines().forEach(line -> {}), "broker-output");
        thread.setDaemon(true);
        thread.start();
    }

    private static String topic(KafkaCase of) {
        return "bench." + of.name().toLowerCase(Locale.ROOT);
    }

    private static double fork(KafkaCase measured, String address) throws IOException {
        Process child = java(KafkaMeasurement.class, measured.name(), address, topic(measured))
                .start();
        try (BufferedReader output = child.inputReader()) {
            return Double.parseDouble(await(output, KafkaMeasurement.MARK));
        }
    }

    private static ProcessBuilder java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static String await(BufferedReader output, String mark) throws IOException {
        for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(mark)) {
                return line.substring(mark.length());
            }
        }
        throw new IllegalStateException("A process ended without " + mark);
    }

    private String table(int rounds) {
        StringBuilder out = new StringBuilder("Measured " + LocalDate.now(ZoneOffset.UTC) + " on "
                + Runtime.getRuntime().availableProcessors() + " cores, the broker's included, JDK "
                + Runtime.version() + ", " + rounds + " rounds.\n\n| ratio, ours / peer | median | spread | must | |\n"
                + "|---|---|---|---|---|\n");
        for (Ratio ratio : RATIOS) {
            double[] values = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                values[i] = rates(ratio.ours()).get(i) / rates(ratio.peer()).get(i);
            }
            Arrays.sort(values);
            double median = values[rounds / 2];
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | **%.2f** | %.2f to %.2f | ≥ %s | %s |%n",
                    ratio.question(),
                    median,
                    values[0],
                    values[rounds - 1],
                    ratio.must(),
                    median >= ratio.must() ? "met" : "MISSED"));
        }
        out.append("\n| case | records a second |\n|---|---|\n");
        for (KafkaCase each : KafkaCase.values()) {
            double[] values = rates(each).stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            out.append(String.format(Locale.ROOT, "| %s | %,.0f |%n", each.title(), values[rounds / 2]));
        }
        return out.toString();
    }

    private List<Double> rates(KafkaCase of) {
        return rates.getOrDefault(of, List.of());
    }

    private static void write(Path page, String table) throws IOException {
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("The page has no " + BEGIN);
        }
        Files.writeString(page, text.substring(0, from + BEGIN.length()) + "\n\n" + table + "\n" + text.substring(to));
    }
}
