package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.pubsub.BreakerPolicy;
import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.Overflow;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** In a JVM of its own, whose heap is bounded; the ledger is asserted there. */
class OverloadTest {

    private static final int SECONDS = 4 * Integer.getInteger("pubsub.test.scale", 1);
    private static final long MEGABYTE = 1 << 20;

    // FAULTS 9
    @Test
    void tooMuchLoadIsRefusedAndCountedWhileTheHeapStaysFlat() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Overload.class.getName(),
                        String.valueOf(SECONDS))
                .redirectErrorStream(true)
                .start();
        String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(jvm.exitValue()).as(output).isZero();
        assertThat(figure(output, "refused")).as(output).isGreaterThan(9 * figure(output, "accepted"));
        assertThat(figure(output, "counted")).isEqualTo(figure(output, "refused"));
        assertThat(figure(output, "heapAtTheEnd"))
                .as("bytes in use at the end and after a third: %s", output)
                .isLessThan(figure(output, "heapAfterAThird") + 6 * MEGABYTE);
        assertThat(figure(output, "threads")).as(output).isLessThan(40);
    }

    private static long figure(String output, String name) {
        Matcher matcher = Pattern.compile(name + "=(\\d+)").matcher(output);
        assertThat(matcher.find()).as("%s in %s", name, output).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    /** The other JVM's program: publishers without pause, handlers that take 1 ms, payloads of 4 KB. */
    static final class Overload {

        public static void main(String[] args) throws Exception {
            long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(args[0]));
            TimeSource clock = TimeSource.system();
            ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
            PubSub engine = PubSubEngine.builder()
                    .overflow(Overflow.FAIL)
                    .deadLetterCapacity(500)
                    .shutdownTimeout(Duration.ofMillis(100))
                    .build();
            engine.start();
            engine.subscribe(
                    SubscriptionSpec.builder("refusing", "t.*").concurrency(2).build(),
                    (m, d) -> LockSupport.parkNanos(1_000_000));
            engine.subscribe(
                    SubscriptionSpec.builder("shedding", "t.*")
                            .whenFull(WhenFull.DISCARD)
                            .build(),
                    (m, d) -> LockSupport.parkNanos(1_000_000));
            engine.subscribe(
                    SubscriptionSpec.builder("failing", "t.*")
                            .circuitBreaker(BreakerPolicy.disabled())
                            .queueCapacity(10)
                            .whenFull(WhenFull.DISCARD)
                            .build(),
                    (m, d) -> {
                        throw new IllegalStateException("always");
                    });
            AtomicBoolean over = new AtomicBoolean();
            LongAdder accepted = new LongAdder();
            LongAdder refused = new LongAdder();
            Semaphore turns = new Semaphore(3);
            Thread[] publishers = new Thread[3];
            for (int p = 0; p < publishers.length; p++) {
                publishers[p] = new Thread(() -> {
                    for (long i = 0; !over.get(); i++) {
                        turns.acquireUninterruptibly();
                        try {
                            engine.publish("t." + i, new byte[4_096]);
                            accepted.increment();
                        } catch (ConcurrencyLimitException full) {
                            refused.increment();
                        } finally {
                            turns.release();
                        }
                    }
                });
                publishers[p].start();
            }
            long begin = clock.nanoTime();
            awaitUntil(clock, begin + nanos / 3);
            long early = usedWhileNobodyPublishes(turns);
            awaitUntil(clock, begin + nanos);
            long late = usedWhileNobodyPublishes(turns);
            int threads = Thread.activeCount();
            over.set(true);
            for (Thread publisher : publishers) {
                publisher.join();
            }
            PubSubSnapshot snapshot = engine.snapshot();
            System.out.printf(
                    "accepted=%d refused=%d counted=%d heapAfterAThird=%d heapAtTheEnd=%d threads=%d %s%n",
                    accepted.sum(), refused.sum(), snapshot.publisher().rejected(), early, late, threads, snapshot);
            engine.close();
            boolean balanced = snapshot.ledger() == PubSubSnapshot.Ledger.BALANCED
                    && engine.snapshot().ledger() == PubSubSnapshot.Ledger.BALANCED;
            System.exit(balanced ? 0 : 1);
        }

        private static void awaitUntil(TimeSource clock, long nanos) {
            for (long left = nanos - clock.nanoTime(); left > 0; left = nanos - clock.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        /** What is in use; else it would be drowned by the garbage of the next moment. */
        private static long usedWhileNobodyPublishes(Semaphore turns) {
            turns.acquireUninterruptibly(3);
            try {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                return runtime.totalMemory() - runtime.freeMemory();
            } finally {
                turns.release(3);
            }
        }
    }
}
