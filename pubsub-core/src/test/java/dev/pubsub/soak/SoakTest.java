package dev.pubsub.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine with a hung, a failing, a slow and two healthy subscriptions in a JVM of 64 MB: first how its neighbours
 * fare, then ten times the load that the handlers can take. Some seconds in {@code mvn verify}, a minute with
 * {@code -Pguard}, half an hour with {@code -Psoak}; CONTRIBUTING.md tells how. All figures are in this class's output.
 */
class SoakTest {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("pubsub.soak.seconds", 5));

    /**
     * For the drain, for rounds of fairness that are measured again, and for a machine that stands still now and then.
     */
    private static final Duration SLACK = Duration.ofMinutes(6);

    /** Queues and dead letters are full all the time, some more, some less so: payloads of 2 KB in 2,600 places. */
    private static final long HEAP_TOLERANCE_KB = 4_096;

    /** A worker that ends while its successor begins. */
    private static final long THREAD_TOLERANCE = 3;

    private static Figures figures;

    @BeforeAll
    static void soak(@TempDir Path directory) throws Exception {
        File output = directory.resolve("output.txt").toFile();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError"));
        String options = System.getProperty("pubsub.soak.jvm", "");
        if (!options.isBlank()) {
            command.addAll(List.of(options.split(" ")));
        }
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Soak.class.getName(), "" + LENGTH.toSeconds()));
        Process jvm = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            boolean ended = jvm.waitFor(LENGTH.multipliedBy(2).plus(SLACK).toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(output.toPath());
            System.out.println(text);
            assertThat(ended).as("ended in time: %s", text).isTrue();
            assertThat(jvm.exitValue()).as(text).isZero();
            figures = Figures.parse(text);
        } finally {
            jvm.destroyForcibly();
        }
    }

    private static long figure(String name) {
        return figures.get(name);
    }

    @Test
    void theLoadIsTenTimesWhatTheHandlersTake() {
        assertThat(figure("load: offered")).isGreaterThanOrEqualTo(10 * figure("load: handled by healthy-discarding"));
        assertThat(figure("held: offered")).isGreaterThanOrEqualTo(10 * figure("held: handled by slow"));
        assertThat(figure("held: refused")).isPositive();
        assertThat(figure("healthy-discarding: discarded")).isPositive();
        assertThat(figure("healthy-dead-lettering: dead-lettered")).isPositive();
    }

    @Test
    void theTroubleIsReal() {
        for (String name : List.of(
                "hung: timeouts",
                "hung: late completions",
                "quarantines",
                "failing: retries",
                "failing: breaker trips",
                "fairness: timeouts beside",
                "fairness: failures beside",
                "fairness: breaker trips beside")) {
            assertThat(figure(name)).as(name).isPositive();
        }
    }

    @Test
    void theHeapStaysFlat() {
        assertThat(figure(Samples.heap(4))).isLessThanOrEqualTo(figure(Samples.heap(2)) + HEAP_TOLERANCE_KB);
    }

    @Test
    void theNumberOfThreadsStaysFlat() {
        assertThat(figure(Samples.threads(4))).isLessThanOrEqualTo(figure(Samples.threads(2)) + THREAD_TOLERANCE);
    }

    @Test
    void nothingLocksUp() {
        assertThat(figure("deadlocked threads")).isZero();
        assertThat(figure("progress in every quarter")).isEqualTo(1);
    }

    @Test
    void whatWasAcceptedIsSettledAfterTheDrain() {
        assertThat(figure("ledger balanced, drained")).isEqualTo(1);
        assertThat(figure("ledger balanced, closed")).isEqualTo(1);
        for (String id : Overload.SUBSCRIPTIONS) {
            assertThat(figure(id + ": drift")).as(id).isZero();
            assertThat(figure(id + ": completed") + figure(id + ": dead-lettered") + figure(id + ": discarded"))
                    .as(id)
                    .isEqualTo(figure(id + ": accepted"));
        }
        assertThat(figure("hung: late completions")).isEqualTo(figure("hung: abandoned"));
    }

    @Test
    void everyCopyIsCounted() {
        long load = figure("load: accepted");
        long held = figure("held: accepted");
        assertThat(figure("publisher: accepted")).isEqualTo(load + held);
        assertThat(figure("publisher: rejected")).isEqualTo(figure("held: refused"));
        assertThat(figure("healthy-discarding: accepted")).isEqualTo(load);
        assertThat(figure("hung: accepted")).isEqualTo(load);
        assertThat(figure("failing: accepted")).isEqualTo(load);
        assertThat(figure("slow: accepted")).isEqualTo(held);
        assertThat(figure("healthy-dead-lettering: accepted")).isEqualTo(load + held);
    }

    @Test
    void theNeighboursOfAHungAndAFailingSubscriptionKeepTheirLatency() {
        int last = (int) figure("fairness: rounds");
        long alone = figure(Fairness.p99Alone(last));
        long beside = figure(Fairness.p99Beside(last));

        assertThat(Fairness.isFair(alone, beside))
                .as("p99 in µs: alone %d, beside %d", alone, beside)
                .isTrue();
    }
}
