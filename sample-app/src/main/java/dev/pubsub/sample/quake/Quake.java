package dev.pubsub.sample.quake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A seismic event.
 *
 * @param id the agency's id of the event; the same in every later version of it
 * @param net the network that reported it, for example {@code us}
 * @param type for example {@code earthquake} or {@code quarry blast}
 * @param magnitude not known for every event
 * @param place in words, where the agency gives it
 * @param time when it happened
 * @param updated which version of the event this is
 * @param tsunami whether the agency flags it as an event that may be followed by a tsunami
 * @param longitude in degrees, where known
 * @param latitude in degrees, where known
 * @param depthKm in kilometres, where known
 */
public record Quake(
        String id,
        String net,
        String type,
        @Nullable Double magnitude,
        @Nullable String place,
        Instant time,
        Instant updated,
        boolean tsunami,
        @Nullable Double longitude,
        @Nullable Double latitude,
        @Nullable Double depthKm) {

    /** In a few words, for people. */
    public String headline() {
        return (magnitude == null ? "" : "M " + magnitude + " ") + type + (place == null ? "" : ", " + place);
    }
}
