package dev.pubsub.sample.warnings;

import dev.pubsub.sample.latest.Latest;
import dev.pubsub.spring.Subscribe;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Where warnings go out; the latest can be read. */
@Component
public class Broadcast {

    private static final Logger log = LoggerFactory.getLogger(Broadcast.class);
    private static final int KEPT = 50;

    private final Latest<Warning> latest = new Latest<>(KEPT);

    @Subscribe(id = "broadcast", topics = "warnings.*")
    void send(Warning warning) {
        log.warn("WARNING to all: {} ({})", warning.headline(), warning.time());
        latest.add(warning);
    }

    /** Newest first. */
    public List<Warning> latest() {
        return latest.list();
    }
}
