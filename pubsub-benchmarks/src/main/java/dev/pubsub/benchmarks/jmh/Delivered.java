package dev.pubsub.benchmarks.jmh;

import dev.pubsub.benchmarks.peers.PeerKind;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** How long a message takes, at full speed, from the first publish of a batch until the last message was handled. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Delivered {

    private static final int BATCH = 100_000;
    private static final int SMALL_BATCH = 2_000;

    /** A batch of the usual size. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long batch(Usual state) throws InterruptedException, BrokenBarrierException {
        return state.producers().batch();
    }

    /** A small one, for peers that take tens of microseconds a message. */
    @Benchmark
    @OperationsPerInvocation(SMALL_BATCH)
    public long smallBatch(Small state) throws InterruptedException, BrokenBarrierException {
        return state.producers().batch();
    }

    /** Whom the question is put to. */
    @State(Scope.Benchmark)
    public static class Usual extends Open {

        @Param("OURS")
        private PeerKind peer = PeerKind.OURS;

        @Param({"1", "2"})
        private int threads = 1;

        @Setup
        public void open() {
            open(peer, threads, BATCH);
        }
    }

    /** Whom the question is put to. */
    @State(Scope.Benchmark)
    public static class Small extends Open {

        @Param("BY_HAND_LIMITED")
        private PeerKind peer = PeerKind.BY_HAND_LIMITED;

        @Param({"1", "2"})
        private int threads = 1;

        @Setup
        public void open() {
            open(peer, threads, SMALL_BATCH);
        }
    }

    /** An open peer and who publishes to it. */
    @State(Scope.Benchmark)
    public abstract static class Open {

        private @Nullable Producers producers;

        final void open(PeerKind peer, int threads, int batch) {
            producers = new Producers(peer, threads, batch);
        }

        final Producers producers() {
            return Objects.requireNonNull(producers);
        }

        /** Stops the threads and closes the peer. */
        @TearDown
        public void close() throws InterruptedException, BrokenBarrierException {
            producers().close();
        }
    }
}
