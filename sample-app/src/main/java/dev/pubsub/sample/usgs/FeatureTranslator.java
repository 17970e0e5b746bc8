package dev.pubsub.sample.usgs;

import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.quake.QuakeTopics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an event of a feature, or says everything that is wrong with it. Problems never repeat what was sent. */
public final class FeatureTranslator {

    private static final int MAX_ID = 64;
    private static final int MAX_NAME = 40;
    private static final int MAX_PLACE = 500;
    private static final double MAX_MAGNITUDE = 12;
    // Year 1 to year 9999: what every part of this application can show and store.
    private static final long MIN_TIME = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
    private static final long MAX_TIME = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

    private FeatureTranslator() {}

    /**
     * The event that the feature describes. Id, network, type and time are needed, all else may be missing.
     *
     * @throws InvalidFeatureException if it describes none
     */
    public static Quake toQuake(Feature feature) {
        Feature.Properties properties = feature.properties();
        if (properties == null) {
            throw new InvalidFeatureException(List.of("properties: missing"));
        }
        Problems problems = new Problems();
        if (feature.type() != null && !feature.type().equals("Feature")) {
            problems.add("type: must be \"Feature\"; send one feature, not a collection");
        }
        String id = problems.text("id", feature.id(), MAX_ID);
        String net = problems.name("properties.net", properties.net());
        String type = problems.name("properties.type", properties.type());
        Instant time = problems.time("properties.time", properties.time());
        Instant updated =
                properties.updated() == null ? time : problems.time("properties.updated", properties.updated());
        if (properties.place() != null && properties.place().length() > MAX_PLACE) {
            problems.add("properties.place: longer than " + MAX_PLACE + " characters");
        }
        problems.range("properties.mag", properties.mag(), MAX_MAGNITUDE);
        Double longitude = coordinate(feature, 0);
        Double latitude = coordinate(feature, 1);
        Double depth = coordinate(feature, 2);
        problems.range("geometry.coordinates[0]", longitude, 360);
        problems.range("geometry.coordinates[1]", latitude, 90);
        problems.range("geometry.coordinates[2]", depth, 7000);
        problems.throwIfAny();
        boolean tsunami = properties.tsunami() != null && properties.tsunami() == 1;
        return new Quake(
                id,
                net,
                type,
                properties.mag(),
                properties.place(),
                time,
                updated,
                tsunami,
                longitude,
                latitude,
                depth);
    }

    private static @Nullable Double coordinate(Feature feature, int index) {
        if (feature.geometry() == null || feature.geometry().coordinates() == null) {
            return null;
        }
        List<@Nullable Double> coordinates = feature.geometry().coordinates();
        return index < coordinates.size() ? coordinates.get(index) : null;
    }

    /** Collects them all, so that a caller needs one try to learn of each. */
    private static final class Problems {

        private final List<String> found = new ArrayList<>();

        void add(String problem) {
            found.add(problem);
        }

        String text(String field, @Nullable String value, int max) {
            if (value == null || value.isBlank()) {
                add(field + ": missing");
                return "";
            }
            if (value.length() > max) {
                add(field + ": longer than " + max + " characters");
            }
            return value;
        }

        /** A text that becomes a segment of the topic. */
        String name(String field, @Nullable String value) {
            String name = text(field, value, MAX_NAME);
            if (!name.isBlank() && QuakeTopics.kebab(name).isEmpty()) {
                add(field + ": has no letter or digit of ASCII");
            }
            return name;
        }

        Instant time(String field, @Nullable Long millis) {
            if (millis == null) {
                add(field + ": missing");
                return Instant.EPOCH;
            }
            if (millis < MIN_TIME || millis > MAX_TIME) {
                add(field + ": not a time in milliseconds since 1970");
                return Instant.EPOCH;
            }
            return Instant.ofEpochMilli(millis);
        }

        void range(String field, @Nullable Double value, double max) {
            if (value != null && !(Math.abs(value) <= max)) {
                add(field + ": not between " + -max + " and " + max);
            }
        }

        void throwIfAny() {
            if (!found.isEmpty()) {
                throw new InvalidFeatureException(found);
            }
        }
    }
}
