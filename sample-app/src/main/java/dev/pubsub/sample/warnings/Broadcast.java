package dev.pubsub.sample.warnings;

import dev.pubsub.spring.Subscribe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Where warnings go out; the latest can be read. */
@Component
public class Broadcast {

    private static final Logger log = LoggerFactory.getLogger(Broadcast.class);
    private static final int KEPT = 50;

    private final Deque<Warning> latest = new ArrayDeque<>();

    @Subscribe(id = "broadcast", topics = "warnings.*")
    void send(Warning warning) {
        log.warn("WARNING to all: {} ({})", warning.headline(), warning.time());
        synchronized (latest) {
            latest.addFirst(warning);
            if (latest.size() > KEPT) {
                latest.removeLast();
            }
        }
    }

    /** Newest first. */
    public List<Warning> latest() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }
}
