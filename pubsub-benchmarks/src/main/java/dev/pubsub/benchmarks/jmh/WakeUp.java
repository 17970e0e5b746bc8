package dev.pubsub.benchmarks.jmh;

import dev.pubsub.benchmarks.peers.HandOver;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * How long an idle engine takes from publish to handler, beside a bare queue's hand-over. Both are asked in turn within
 * one JVM, since what disturbs the slowest hundredth comes from the machine, and so it meets both. The score says
 * nothing; the secondary results are the answer.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
public class WakeUp {

    private static final int WARM_UP = 20_000;
    private static final long SHORTEST_PAUSE = 200_000;
    private static final long LONGEST_PAUSE = 1_000_000;

    /** How many of each are sent in one iteration. */
    @Param("20000")
    private int samples;

    private @Nullable HandOver ours;
    private @Nullable HandOver queue;

    /** Opens both and compiles their paths. */
    @Setup
    public void open() {
        ours = HandOver.toOurs();
        queue = HandOver.toQueue();
        for (int i = 0; i < WARM_UP; i++) {
            ours.send(1);
            queue.send(1);
        }
    }

    /** Sends to each in turn, with pauses in which the receiver falls asleep. */
    @Benchmark
    public void inTurn(Percentiles percentiles) {
        long[] oursNanos = new long[samples];
        long[] queueNanos = new long[samples];
        for (int i = 0; i < samples; i++) {
            oursNanos[i] = Objects.requireNonNull(ours).send(pause());
            queueNanos[i] = Objects.requireNonNull(queue).send(pause());
        }
        percentiles.take(oursNanos, queueNanos);
    }

    private static long pause() {
        return ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE, LONGEST_PAUSE);
    }

    /** Closes both. */
    @TearDown
    public void close() {
        Objects.requireNonNull(ours).close();
        Objects.requireNonNull(queue).close();
    }

    /** Of one iteration, in nanoseconds. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Percentiles {

        /** Read by JMH. */
        public long oursP50;

        /** Read by JMH. */
        public long oursP99;

        /** Read by JMH. */
        public long queueP50;

        /** Read by JMH. */
        public long queueP99;

        private void take(long[] oursNanos, long[] queueNanos) {
            Arrays.sort(oursNanos);
            Arrays.sort(queueNanos);
            oursP50 = at(oursNanos, 50);
            oursP99 = at(oursNanos, 99);
            queueP50 = at(queueNanos, 50);
            queueP99 = at(queueNanos, 99);
        }

        private static long at(long[] sorted, int percent) {
            return sorted[(sorted.length - 1) * percent / 100];
        }
    }
}
