package dev.pubsub.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Threads that do something at the same time. */
final class Crowd {

    private final List<FutureTask<Boolean>> tasks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Crowd() {}

    /** What each of them does. */
    @FunctionalInterface
    interface Task {

        /** Does it; the number is from 0. */
        void run(int number) throws Exception;
    }

    /** Starts so many threads, and lets them go together. */
    static Crowd start(int size, Task task) {
        Crowd crowd = new Crowd();
        CountDownLatch ready = new CountDownLatch(size);
        for (int i = 0; i < size; i++) {
            int number = i;
            FutureTask<Boolean> one = new FutureTask<>(() -> {
                ready.countDown();
                ready.await();
                task.run(number);
                return true;
            });
            Thread thread = new Thread(one, "tck-crowd-" + number);
            thread.setDaemon(true);
            crowd.tasks.add(one);
            crowd.threads.add(thread);
        }
        crowd.threads.forEach(Thread::start);
        return crowd;
    }

    /** The only thread, or the first. */
    Thread thread() {
        return threads.get(0);
    }

    /** Waits until all have ended; fails where one has failed or does not end. */
    void join(Duration atMost) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        for (FutureTask<Boolean> task : tasks) {
            try {
                task.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                throw new AssertionError("One of the crowd has failed", failed.getCause());
            }
        }
    }
}
