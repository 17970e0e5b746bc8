package dev.pubsub.sample.statistics;

import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Counts events by network and by type. Names come from outside, so their number is bounded: the rest is counted as
 * one.
 */
@Component
public class Statistics {

    private static final int MAX_NAMES = 100;
    private static final String REST = "(others)";

    private final Map<String, Long> byNet = new TreeMap<>();
    private final Map<String, Long> byType = new TreeMap<>();
    private long events;
    private @Nullable Quake strongest;

    @Subscribe(id = "statistics", topics = "quakes.**")
    synchronized void count(Quake quake) {
        events++;
        count(byNet, quake.net());
        count(byType, quake.type());
        if (quake.magnitude() != null && (strongest == null || isStronger(quake.magnitude(), strongest))) {
            strongest = quake;
        }
    }

    /** What was counted so far. */
    public synchronized Figures figures() {
        return new Figures(events, Map.copyOf(byNet), Map.copyOf(byType), strongest);
    }

    private static void count(Map<String, Long> counts, String name) {
        boolean known = counts.containsKey(name) || counts.size() < MAX_NAMES;
        counts.merge(known ? name : REST, 1L, Long::sum);
    }

    private static boolean isStronger(double magnitude, Quake other) {
        return other.magnitude() == null || magnitude > other.magnitude();
    }

    /**
     * Figures at one moment.
     *
     * @param events all of them, later versions of an event counted too
     * @param byNet by network
     * @param byType by type
     * @param strongest the event with the highest magnitude
     */
    public record Figures(
            long events,
            Map<String, Long> byNet,
            Map<String, Long> byType,
            @Nullable Quake strongest) {}
}
