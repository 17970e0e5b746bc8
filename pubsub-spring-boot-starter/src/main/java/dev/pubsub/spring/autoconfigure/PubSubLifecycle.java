package dev.pubsub.spring.autoconfigure;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.Subscription;
import dev.pubsub.spring.subscriptions.SubscribeMethodProcessor;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine when the context has been refreshed, before the web server takes requests; stops it, with the
 * drain, after the web server has finished them. Survives stop and start: what is queued waits for the next start.
 */
public final class PubSubLifecycle implements SmartLifecycle {

    /** Below the phase in which a web server starts and stops, so that the last requests can still publish. */
    public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 3 * 1024;

    private static final Logger log = LoggerFactory.getLogger(PubSubLifecycle.class);

    private final PubSub pubSub;
    private final SubscribeMethodProcessor processor;
    private final Duration drain;
    private final Duration shutdownPhase;
    private volatile boolean running;

    PubSubLifecycle(PubSub pubSub, SubscribeMethodProcessor processor, Duration drain, Duration shutdownPhase) {
        this.pubSub = pubSub;
        this.processor = processor;
        this.drain = drain;
        this.shutdownPhase = shutdownPhase;
    }

    @Override
    public void start() {
        if (drain.compareTo(shutdownPhase) >= 0) {
            log.warn(
                    "pubsub.shutdown.timeout is {}, not shorter than spring.lifecycle.timeout-per-shutdown-phase, {}:"
                            + " closing may take longer than the phase allows for, and what stops the process may"
                            + " kill it first; shorten the one or lengthen the other",
                    drain,
                    shutdownPhase);
        }
        pubSub.start();
        running = true;
        if (log.isInfoEnabled()) {
            log.info("PubSub started, {}", describe());
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            pubSub.stop(drain);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    private String describe() {
        List<Subscription> subscriptions = pubSub.subscriptions();
        PubSubSnapshot snapshot = pubSub.snapshot();
        int disabled = processor.disabled();
        return "transport " + snapshot.transport() + ", " + subscriptions.size() + " subscription"
                + (subscriptions.size() == 1 ? "" : "s") + (disabled == 0 ? "" : " (and " + disabled + " disabled)")
                + (subscriptions.isEmpty() ? "" : ": ")
                + subscriptions.stream().map(PubSubLifecycle::describe).collect(Collectors.joining("; "));
    }

    private static String describe(Subscription subscription) {
        return subscription.id() + " " + subscription.spec().patterns() + " x"
                + subscription.spec().concurrency();
    }
}
