package dev.pubsub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that closes its engine in a shutdown hook ends when it is told to. */
@Timeout(60)
class ShutdownHookTest {

    @Test
    void aTerminatedProcessEndsWithinItsGraceAndReportsWhatItDiscards() throws Exception { // FAULTS 12, and 11
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.equals("ready")) {
                line = output.readLine();
            }
            long start = System.nanoTime();

            child.toHandle().destroy(); // SIGTERM, and its output stays open
            while ((line = output.readLine()) != null) {
                lines.add(line);
            }
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500 + 1_000 + 1_000));
            assertThat(lines).anyMatch(one -> one.equals("closed"));
            assertThat(discarded(lines)).isEqualTo(12 + 12);
        } finally {
            child.destroyForcibly();
        }
    }

    private static int discarded(List<String> lines) {
        Pattern pattern = Pattern.compile("(\\d+) copies discarded");
        int sum = 0;
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            sum += matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        }
        return sum;
    }

    /** The process: 12 copies wait behind a hung handler, 12 are parked for an hour. */
    static final class Child {

        public static void main(String[] args) throws Exception {
            PubSub engine = PubSubEngine.builder()
                    .shutdownTimeout(Duration.ofMillis(500))
                    .build();
            CountDownLatch hung = new CountDownLatch(1);
            CountDownLatch parked = new CountDownLatch(12);
            engine.subscribe(SubscriptionSpec.builder("hangs", "t").build(), (m, d) -> {
                hung.countDown();
                while (true) {
                    Thread.onSpinWait();
                }
            });
            engine.subscribe(SubscriptionSpec.builder("parks", "t").build(), (m, d) -> {
                parked.countDown();
                throw new RetryLaterException(Duration.ofHours(1));
            });
            engine.start();
            for (int i = 0; i < 12; i++) {
                engine.publish("t", i);
            }
            hung.await();
            parked.await();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.close();
                System.out.println("closed");
            }));
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}
