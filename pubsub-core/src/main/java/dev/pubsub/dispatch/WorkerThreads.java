package dev.pubsub.dispatch;

import dev.pubsub.Execution;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's own threads: an elastic pool of platform threads, and virtual threads where the JVM has them. It sets no
 * bound, because its users do: each subscription runs at most {@code concurrency} workers, and at most
 * {@code maxAbandoned} threads more that do not come back; {@link Completions} has a limit of its own.
 */
public final class WorkerThreads implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkerThreads.class);
    private static final long KEEP_ALIVE_SECONDS = 10;

    private final Execution whenAuto;
    private final ThreadPoolExecutor platform;
    private final Completions completions;
    private final @Nullable ThreadFactory virtual;

    /**
     * Threads of an engine.
     *
     * @param whenAuto what {@link Execution#AUTO} means: {@code PLATFORM} or {@code VIRTUAL}
     * @throws IllegalArgumentException if virtual threads are asked for where there are none
     */
    public WorkerThreads(Execution whenAuto) {
        this.whenAuto = whenAuto;
        this.virtual = VirtualThreads.factory("pubsub-virtual-", WorkerThreads::uncaught);
        requireAvailable(whenAuto, "The engine");
        AtomicLong number = new AtomicLong();
        this.platform = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "pubsub-worker-" + number.incrementAndGet(), 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(WorkerThreads.class.getClassLoader());
                    thread.setUncaughtExceptionHandler(WorkerThreads::uncaught);
                    return thread;
                });
        this.completions = new Completions(platform);
    }

    private static void uncaught(Thread thread, Throwable thrown) {
        if (!(thrown instanceof RetiredThread)) {
            log.error("Worker thread {} ended: {}", thread.getName(), SafeText.of(thrown), SafeText.trace(thrown));
        }
    }

    /**
     * Refuses what this JVM cannot do.
     *
     * @throws IllegalArgumentException if it is {@link Execution#VIRTUAL} where there are no virtual threads
     */
    public void requireAvailable(Execution execution, String who) {
        if (execution == Execution.VIRTUAL && virtual == null) {
            throw new IllegalArgumentException(
                    who + " is to run on virtual threads (execution: virtual), which need Java 21"
                            + " or later; this is Java " + Runtime.version().feature() + ". Use execution: platform");
        }
    }

    /** Starts tasks on the kind of thread that is asked for; refuses them after {@link #close}. */
    public Executor executor(Execution execution) {
        Execution effective = execution == Execution.AUTO ? whenAuto : execution;
        ThreadFactory factory = virtual;
        if (effective != Execution.VIRTUAL || factory == null) {
            return platform;
        }
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setUncaughtExceptionHandler(WorkerThreads::uncaught);
            thread.start();
        };
    }

    /** Completes futures, on few threads; after {@link #close}, on the caller's. Refuses nothing. */
    public Executor completions() {
        return completions;
    }

    /** Idle threads end; busy ones end with their task. Does not wait. */
    @Override
    public void close() {
        platform.shutdown();
    }
}
