package dev.pubsub.sample.blasts;

import dev.pubsub.sample.latest.Latest;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import java.util.List;
import org.springframework.stereotype.Component;

/** Not every event is nature's: keeps the latest of those that people made. */
@Component
public class BlastLog {

    private static final int KEPT = 100;

    private final Latest<Quake> latest = new Latest<>(KEPT);

    @Subscribe(
            id = "blasts",
            topics = {"quakes.*.quarry-blast", "quakes.*.explosion"})
    void note(Quake blast) {
        latest.add(blast);
    }

    /** Newest first. */
    public List<Quake> latest() {
        return latest.list();
    }
}
