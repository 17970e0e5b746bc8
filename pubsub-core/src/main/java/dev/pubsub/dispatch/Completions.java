package dev.pubsub.dispatch;

import dev.pubsub.spi.SafeText;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes futures on a pool, on a few threads at a time, however many are settled at once: what users attached to
 * them runs there, and may block. Where the pool takes nothing more, on the calling thread: better there than never.
 *
 * <p>Safe for use by any thread. {@code searching} threads are about to look at {@code waiting}; another is started
 * only while none is, by whoever adds a task, or takes one and leaves others. A task is added before {@code searching}
 * is read, and a thread counts itself off before it looks at {@code waiting} again. So one of the two sees the other.
 */
final class Completions implements Executor {

    private static final int MAX_THREADS = 32;
    private static final Logger log = LoggerFactory.getLogger(Completions.class);

    private final Executor pool;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger searching = new AtomicInteger();

    Completions(Executor pool) {
        this.pool = pool;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        startIfNoneSearches();
    }

    private void startIfNoneSearches() {
        if (!searching.compareAndSet(0, 1)) {
            return;
        }
        if (threads.incrementAndGet() > MAX_THREADS) {
            threads.decrementAndGet();
            searching.decrementAndGet(); // all are at work, and will look when they have done it
            return;
        }
        try {
            pool.execute(this::work);
        } catch (Throwable refused) { // closed, or no native thread to be had
            work();
        }
    }

    private void work() {
        while (true) {
            Runnable task = waiting.poll();
            searching.decrementAndGet();
            if (task == null) {
                threads.decrementAndGet();
                if (!waiting.isEmpty()) {
                    startIfNoneSearches(); // added while this thread still counted, perhaps as the last one allowed
                }
                return;
            }
            if (!waiting.isEmpty()) {
                startIfNoneSearches();
            }
            run(task);
            searching.incrementAndGet();
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            log.error("A future could not be completed: {}", SafeText.of(thrown), SafeText.trace(thrown));
        }
    }
}
