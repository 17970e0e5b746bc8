package dev.pubsub.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A call on a thread of its own, for calls that wait. */
public final class Caller<T> {

    private static final long PATIENCE_SECONDS = 15;

    private final FutureTask<T> task;
    private final Thread thread;

    private Caller(Callable<T> call) {
        task = new FutureTask<>(call);
        thread = new Thread(task, "caller");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the call. */
    public static <T> Caller<T> of(Callable<T> call) {
        return new Caller<>(call);
    }

    /** Waits until the call waits for something. */
    public Caller<T> awaitWaiting() {
        await().pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() ->
                        thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.WAITING);
        return this;
    }

    /** Its thread. */
    public Thread thread() {
        return thread;
    }

    /** Whether it has returned or thrown. */
    public boolean isDone() {
        return task.isDone();
    }

    /** What it returned; fails where it threw or does not return. */
    public T result() throws Exception {
        return result(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What it returned; fails where it threw or does not return in time. */
    public T result(long time, TimeUnit unit) throws Exception {
        return task.get(time, unit);
    }

    /** What it threw; fails where it returned or does not return. */
    public Throwable failure() throws Exception {
        try {
            throw new AssertionError("returned " + task.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException thrown) {
            return thrown.getCause();
        }
    }
}
