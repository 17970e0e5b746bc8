package dev.pubsub.engine;

import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.Scheduler;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on two platform daemon threads, so that a slow task does not keep deadlines waiting. */
final class SystemScheduler implements Scheduler {

    private static final Logger log = LoggerFactory.getLogger(SystemScheduler.class);
    private static final int THREADS = 2;

    private final ScheduledThreadPoolExecutor executor;

    SystemScheduler() {
        AtomicInteger number = new AtomicInteger();
        executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(null, task, "pubsub-timer-" + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(SystemScheduler.class.getClassLoader());
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true); // an idle engine owns no thread
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
        try {
            Future<?> future = executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        } catch (OutOfMemoryError noThread) { // the task is queued; the next one that is scheduled tries for a thread
            log.error("No thread could be started for the timers: {}", SafeText.of(noThread));
            return () -> {};
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            log.error("A timer failed: {}", SafeText.of(thrown), SafeText.trace(thrown));
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
