package dev.pubsub.benchmarks.jmh;

import dev.pubsub.benchmarks.peers.Bursts;
import dev.pubsub.benchmarks.peers.Reading;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long the caller of publish is held up, in bursts that fit into the places of a subscription, so that none waits
 * for room. What prepares a burst and what waits for its arrival is not timed.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class PublishTime {

    private static final int BURST = 400;

    @Param({
        "OURS_AWAKE",
        "OURS_HELD",
        "OURS_10_AWAKE",
        "OURS_10_HELD",
        "SPRING_LISTENER_METHOD",
        "SPRING_LISTENER_OBJECT"
    })
    private Bursts.Kind subject = Bursts.Kind.OURS_AWAKE;

    private final Reading[] readings = Reading.pool();
    private @Nullable Bursts bursts;
    private long sum;

    /** Opens the subject. */
    @Setup
    public void open() {
        bursts = subject.open();
        sum = 0;
        for (int i = 0; i < BURST; i++) {
            sum += readings[i].value();
        }
    }

    /** Brings the workers into the state in which the burst shall meet them. */
    @Setup(Level.Invocation)
    public void prepare() throws InterruptedException {
        bursts().prepare(BURST);
    }

    /** The burst. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public void burst(Blackhole receipts) {
        Bursts target = bursts();
        target.begin();
        for (int i = 0; i < BURST; i++) {
            receipts.consume(target.publish(readings[i]));
        }
    }

    /** Waits until the burst has arrived, and checks it. */
    @TearDown(Level.Invocation)
    public void finish() throws InterruptedException {
        bursts().finish(sum);
    }

    /** Closes the subject. */
    @TearDown
    public void close() {
        bursts().close();
    }

    private Bursts bursts() {
        return Objects.requireNonNull(bursts);
    }
}
