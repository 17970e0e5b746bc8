package dev.pubsub.sample.blasts;

import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.stereotype.Component;

/** Not every event is nature's: keeps the latest of those that people made. */
@Component
public class BlastLog {

    private static final int KEPT = 100;

    private final Deque<Quake> latest = new ArrayDeque<>();

    @Subscribe(
            id = "blasts",
            topics = {"quakes.*.quarry-blast", "quakes.*.explosion"})
    void note(Quake blast) {
        synchronized (latest) {
            latest.addFirst(blast);
            if (latest.size() > KEPT) {
                latest.removeLast();
            }
        }
    }

    /** Newest first. */
    public List<Quake> latest() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }
}
