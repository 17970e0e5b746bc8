package dev.pubsub.sample.feed;

import dev.pubsub.sample.quake.Quake;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which version of which event has been published. Remembers a bounded number: those that the feed showed last, so that
 * nothing that is still in the feed is forgotten. For one thread.
 */
final class KnownEvents {

    private final Map<String, Instant> versions;

    KnownEvents(int capacity) {
        this.versions = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                return size() > capacity;
            }
        };
    }

    /** Whether this event, or this version of it, has not been published yet. */
    boolean isNews(Quake quake) {
        @Nullable Instant known = versions.get(quake.id());
        return known == null || known.isBefore(quake.updated());
    }

    void remember(Quake quake) {
        versions.put(quake.id(), quake.updated());
    }

    int size() {
        return versions.size();
    }
}
