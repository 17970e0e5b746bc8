package dev.pubsub.sample.feed;

import dev.pubsub.sample.quake.QuakePublisher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Runs the feed in a thread of its own, as long as the application runs. Of the latest phase: intake begins when all
 * that handles it is there, and is the first to end.
 */
@Component
public class Feed implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Feed.class);
    private static final long STOP_MILLIS = 5_000;

    private final FeedProperties properties;
    private final FeedProgress progress = new FeedProgress();
    private final FeedRunner runner;
    private @Nullable Thread thread;

    Feed(FeedProperties properties, FeedSource source, QuakePublisher publisher) {
        this.properties = properties;
        this.runner = new FeedRunner(properties, source, publisher::publish, progress);
    }

    public FeedStatus status() {
        return progress.status(properties.location());
    }

    @Override
    public boolean isAutoStartup() {
        return properties.enabled();
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            Thread started = new Thread(runner::run, "quakewatch-feed");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    @Override
    public synchronized void stop() {
        Thread stopped = thread;
        if (stopped == null) {
            return;
        }
        stopped.interrupt();
        try {
            stopped.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopped.isAlive()) {
            log.warn("The feed's thread has not ended yet");
            return;
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null;
    }
}
