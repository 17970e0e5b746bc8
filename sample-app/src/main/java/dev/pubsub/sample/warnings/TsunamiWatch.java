package dev.pubsub.sample.warnings;

import dev.pubsub.Publisher;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import org.springframework.stereotype.Component;

/** Publishes a warning for every event that the agency flags. */
@Component
class TsunamiWatch {

    private final Publisher publisher;

    TsunamiWatch(Publisher publisher) {
        this.publisher = publisher;
    }

    @Subscribe(id = "tsunami", topics = "quakes.**", condition = "payload.tsunami")
    void warn(Quake quake) {
        publisher.publish(
                "warnings.tsunami", new Warning(quake.id(), "Tsunami possible: " + quake.headline(), quake.time()));
    }
}
