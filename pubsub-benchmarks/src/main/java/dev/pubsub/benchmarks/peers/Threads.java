package dev.pubsub.benchmarks.peers;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep a JVM alive. */
final class Threads {

    private Threads() {}

    static ThreadFactory daemons(String name) {
        return task -> daemon(name, task);
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
